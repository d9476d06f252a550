import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { dateSchema, nameSchema } from '#configs/names.ts';
import type { StartDeps } from '../starts/start-deps.ts';
import { startLifecycle, startTraining } from '../starts/train.ts';
import { answerRun, runResponses } from './run-answer.ts';

const params = z.object({ model: nameSchema });
const body = z.strictObject({
  as_of: dateSchema.describe('Train on what was known on this date, and nothing later'),
});

/** Trainings alone, and whole lifecycles: train, register, wait for approval, deploy. */
export const trainingRoutes: FastifyPluginAsyncZod<{ readonly starts: StartDeps }> = async (
  app,
  { starts },
) => {
  const config = { role: 'scientist' } as const;
  const tags = ['models'];
  app.post(
    '/v1/models/:model/trainings',
    { config, schema: { summary: 'Train a model', tags, params, body, response: runResponses } },
    async (request, reply) => {
      const asked = { ...request.params, ...request.body, principal: request.principal.name };
      return answerRun(request, reply, await startTraining(starts, asked));
    },
  );
  app.post(
    '/v1/models/:model/lifecycles',
    {
      config,
      schema: {
        summary: 'Train, register, wait for approval, deploy',
        tags,
        params,
        body,
        response: runResponses,
      },
    },
    async (request, reply) => {
      const asked = { ...request.params, ...request.body, principal: request.principal.name };
      return answerRun(request, reply, await startLifecycle(starts, asked));
    },
  );
};
