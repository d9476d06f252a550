import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Registry } from '#registry/registry.ts';
import { pairOf, pairParams } from '../shared/params.ts';
import { pairSchema } from './schemas.ts';
import { showPair } from './show-pair.ts';

export const onePairRoutes: FastifyPluginAsyncZod<{ readonly registry: Registry }> = async (
  app,
  { registry },
) => {
  app.get(
    '/v1/pairs/:model/:set',
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'Show the live version, scheduled deployments, and the rollback target',
        tags: ['registry'],
        params: pairParams,
        response: { 200: pairSchema },
      },
    },
    async ({ params }) => {
      const pair = pairOf(params);
      const [state, target] = await Promise.all([registry.state(pair), registry.rollbackTarget(pair)]);
      return { ...showPair(state), rollback_target: target ?? null };
    },
  );
};
