import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { startTraining } from '../../starts/train.ts';
import type { StartDeps } from '../../starts/start-deps.ts';
import { answerRun, REPEATED_START, runResponses } from '../shared/run.ts';
import { modelParams, trainingBody } from './schemas.ts';

export const trainingRoutes: FastifyPluginAsyncZod<{ readonly starts: StartDeps }> = async (
  app,
  { starts },
) => {
  app.post(
    '/v1/models/:model/trainings',
    {
      config: { role: 'scientist', team: 'model' },
      schema: {
        summary: 'Train a model',
        description: REPEATED_START,
        tags: ['models'],
        params: modelParams,
        body: trainingBody,
        response: runResponses,
      },
    },
    async (request, reply) => {
      const asked = { ...request.params, ...request.body, principal: request.principal.name };
      return answerRun(request, reply, starts.starter, () => startTraining(starts, asked));
    },
  );
};
