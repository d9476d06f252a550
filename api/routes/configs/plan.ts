import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { planFiles, type PlanDeps } from '#plan/plan-files.ts';
import { removalOf } from '../../services/apply-files.ts';
import { files, planBody, removal } from './schemas.ts';

export const planRoutes: FastifyPluginAsyncZod<PlanDeps> = async (app, deps) => {
  app.post(
    '/v1/configs/plan',
    {
      config: { role: 'scientist', team: 'none' },
      schema: {
        summary: 'Show the effects of applying these files, and of removing documents',
        tags: ['configs'],
        body: z.strictObject({ files, ...removal }),
        response: { 200: planBody },
      },
    },
    ({ body, principal }) => planFiles(deps, body.files, removalOf(principal, body)),
  );
};
