import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { dateSchema } from '#configs/names.ts';
import { startBackfill, startScores } from '../starts/score.ts';
import type { StartDeps } from '../starts/start-deps.ts';
import { answerRun, pairOf, pairParams, runResponses } from './run-answer.ts';

const version = z.number().int().min(1).optional().describe('The live version, when left out');
const scoreBody = z.strictObject({
  score_date: dateSchema.describe('Day the scores are for; the partition is chosen by it'),
  version,
  refresh: z.boolean().default(false).describe('Score again, as a new revision'),
});
const backfillBody = z.strictObject({ version, from: dateSchema, to: dateSchema });

/** Scores of a day, which is what a DAG or a schedule asks for, and of many days. */
export const scoreRoutes: FastifyPluginAsyncZod<{ readonly starts: StartDeps }> = async (app, { starts }) => {
  const config = { role: 'operator' } as const;
  const tags = ['scores'];
  app.post(
    '/v1/pairs/:model/:set/scores',
    {
      config,
      schema: { summary: 'Score a day', tags, params: pairParams, body: scoreBody, response: runResponses },
    },
    async (request, reply) => {
      const { params, body, principal } = request;
      const asked = { pair: pairOf(params), ...body, principal: principal.name };
      return answerRun(request, reply, await startScores(starts, asked));
    },
  );
  app.post(
    '/v1/pairs/:model/:set/backfills',
    {
      config,
      schema: {
        summary: 'Score every day of a range',
        tags,
        params: pairParams,
        body: backfillBody,
        response: runResponses,
      },
    },
    async (request, reply) => {
      const { params, body, principal } = request;
      const asked = { pair: pairOf(params), ...body, principal: principal.name };
      return answerRun(request, reply, await startBackfill(starts, asked));
    },
  );
};
