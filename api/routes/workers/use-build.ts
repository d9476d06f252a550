import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { buildSchema, useBuild, workerBuilds } from '../../workers/builds.ts';
import type { WorkerRouteDeps } from './workers.ts';

const paramsSchema = z.object({
  build: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$/, 'a build, or unversioned')
    .describe('A build that workers have reported, or `unversioned` for workers without versioning'),
});

const bodySchema = z.strictObject({
  percent: z
    .int()
    .min(1)
    .max(100)
    .default(100)
    .describe('Share of new runs; below 100 the current build keeps the rest'),
});

export const useBuildRoutes: FastifyPluginAsyncZod<WorkerRouteDeps> = async (app, { temporal }) => {
  app.post(
    '/v1/workers/builds/:build/use',
    {
      config: { role: 'operator', team: 'none' },
      schema: {
        summary: 'Make a build of the workers current, or give it a share of new runs',
        description:
          'Short workflows end on the build that began them; long ones go on with the new one. Keep workers of the old build until it is drained.',
        tags: ['workers'],
        params: paramsSchema,
        body: bodySchema,
        response: { 200: z.object({ builds: z.array(buildSchema) }) },
      },
    },
    async ({ params, body, principal }) => {
      await useBuild(temporal, { build: params.build, percent: body.percent, principal: principal.name });
      return { builds: [...(await workerBuilds(temporal))] };
    },
  );
};
