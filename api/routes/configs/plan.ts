import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { planFiles, type PlanDeps } from '#plan/plan-files.ts';
import { files, planBody } from './schemas.ts';

export const planRoutes: FastifyPluginAsyncZod<PlanDeps> = async (app, deps) => {
  app.post(
    '/v1/configs/plan',
    {
      config: { role: 'scientist', team: 'none' },
      schema: {
        summary: 'Show the effects of applying these files',
        tags: ['configs'],
        body: z.strictObject({ files }),
        response: { 200: planBody },
      },
    },
    ({ body }) => planFiles(deps, body.files),
  );
};
