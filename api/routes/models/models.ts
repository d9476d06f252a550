import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Registry } from '#registry/registry.ts';
import { listedPairSchema } from '../pairs/schemas.ts';
import { showPair } from '../pairs/show-pair.ts';
import { pageAsked, pageOf, pageQuery } from '../shared/pages.ts';

export const modelListRoutes: FastifyPluginAsyncZod<{ readonly registry: Registry }> = async (
  app,
  { registry },
) => {
  app.get(
    '/v1/models',
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'List pairs of model and feature set, with the version that is live',
        tags: ['registry'],
        querystring: pageQuery.extend({
          failing: z
            .literal('true')
            .optional()
            .describe('Only pairs of which a step of the reconciler fails'),
        }),
        response: { 200: pageOf(listedPairSchema) },
      },
    },
    async ({ query }) => {
      const list = query.failing === 'true' ? registry.failingPairs : registry.pairs;
      const { items, next } = await list(pageAsked(query));
      const states = await Promise.all(items.map((pair) => registry.state(pair)));
      return { items: states.map(showPair), ...(next === undefined ? {} : { next }) };
    },
  );
};
