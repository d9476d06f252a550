import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { dateSchema, nameSchema } from '#configs/names.ts';
import { startMaterialise } from '../starts/materialise.ts';
import type { StartDeps } from '../starts/start-deps.ts';
import { answerRun, runSchema } from './run-answer.ts';

const refresh = z
  .boolean()
  .default(false)
  .describe('Build a new revision where the inputs have changed since');
const oneDate = z.strictObject({ dt: dateSchema, refresh });
const manyDates = z.strictObject({ from: dateSchema, to: dateSchema, refresh });
const answer = z.union([runSchema, z.object({ runs: z.array(runSchema) })]);

/** Builds partitions: one date, or every partition date of a range. */
export const partitionStartRoutes: FastifyPluginAsyncZod<{ readonly starts: StartDeps }> = async (
  app,
  { starts },
) => {
  app.post(
    '/v1/feature-sets/:set/partitions',
    {
      config: { role: 'scientist' },
      schema: {
        summary: 'Build partitions; one run for {dt}, a list of runs for {from, to}',
        tags: ['features'],
        params: z.object({ set: nameSchema }),
        body: z.union([oneDate, manyDates]),
        response: { 200: answer, 202: answer },
      },
    },
    async (request, reply) => {
      const { body, params, principal } = request;
      const range = 'dt' in body ? { from: body.dt, to: body.dt } : { from: body.from, to: body.to };
      const runs = await startMaterialise(starts, {
        set: params.set,
        ...range,
        refresh: body.refresh,
        principal: principal.name,
      });
      const [only] = runs;
      if ('dt' in body && only) return answerRun(request, reply, only);
      reply.code(runs.some((run) => run.status === 'running') ? 202 : 200);
      return { runs };
    },
  );
};
