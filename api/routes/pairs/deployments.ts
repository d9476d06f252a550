import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Registry } from '#registry/registry.ts';
import { pageAsked, pageOf, pageQuery } from '../shared/pages.ts';
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
        querystring: pageQuery,
        response: { 200: pageOf(deploymentSchema) },
      },
    },
    async ({ params, query }) => {
      const pair = pairOf(params);
      await registry.state(pair);
      return registry.deployments(pair, pageAsked(query));
    },
  );
};
