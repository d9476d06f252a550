import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { dateSchema } from '#configs/names.ts';
import { startBackfill } from '../../starts/score.ts';
import type { StartDeps } from '../../starts/start-deps.ts';
import { pairOf, pairParams } from '../shared/params.ts';
import { answerRun, REPEATED_START, runResponses } from '../shared/run.ts';

const backfillBody = z.strictObject({
  version: z.number().int().min(1).optional().describe('Default: the live version'),
  from: dateSchema,
  to: dateSchema,
});

export const backfillRoutes: FastifyPluginAsyncZod<{ readonly starts: StartDeps }> = async (
  app,
  { starts },
) => {
  app.post(
    '/v1/pairs/:model/:set/backfills',
    {
      config: { role: 'operator', team: 'pair' },
      schema: {
        summary: 'Score every day of a range',
        description: REPEATED_START,
        tags: ['scores'],
        params: pairParams,
        body: backfillBody,
        response: runResponses,
      },
    },
    async (request, reply) => {
      const { params, body, principal } = request;
      const asked = { pair: pairOf(params), ...body, principal: principal.name };
      return answerRun(request, reply, starts.starter, () => startBackfill(starts, asked));
    },
  );
};
