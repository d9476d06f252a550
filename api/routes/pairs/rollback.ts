import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { startRollback } from '../../starts/deploy.ts';
import type { StartDeps } from '../../starts/start-deps.ts';
import { pairOf, pairParams } from '../shared/params.ts';
import { answerRun, runResponses } from '../shared/run.ts';

const rollbackBody = z.strictObject({ to_version: z.number().int().min(1).optional() });

export const rollbackRoutes: FastifyPluginAsyncZod<{ readonly starts: StartDeps }> = async (
  app,
  { starts },
) => {
  app.post(
    '/v1/pairs/:model/:set/rollback',
    {
      config: { role: 'operator', team: 'pair' },
      schema: {
        summary: 'Make an earlier version live again, at once',
        tags: ['deployments'],
        params: pairParams,
        body: rollbackBody,
        response: runResponses,
      },
    },
    async (request, reply) => {
      const { params, body, principal } = request;
      const asked = { pair: pairOf(params), ...body, principal: principal.name };
      return answerRun(request, reply, await startRollback(starts, asked));
    },
  );
};
