import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Registry } from '#registry/registry.ts';
import { pairOf, pairParams } from '../shared/params.ts';
import { deploymentSchema } from './schemas.ts';

export const deploymentRoutes: FastifyPluginAsyncZod<{ readonly registry: Registry }> = async (
  app,
  { registry },
) => {
  app.get(
    '/v1/pairs/:model/:set/deployments',
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'List deployments by number',
        tags: ['registry'],
        params: pairParams,
        response: { 200: z.object({ deployments: z.array(deploymentSchema).readonly() }) },
      },
    },
    async ({ params }) => {
      const pair = pairOf(params);
      await registry.state(pair);
      return { deployments: await registry.deployments(pair) };
    },
  );
};
