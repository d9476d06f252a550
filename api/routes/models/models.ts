import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Registry } from '#registry/registry.ts';
import { listedPairSchema } from '../pairs/schemas.ts';
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
        querystring: pageQuery,
        response: { 200: pageOf(listedPairSchema) },
      },
    },
    async ({ query }) => {
      const { items, next } = await registry.pairs(pageAsked(query));
      const states = await Promise.all(items.map((pair) => registry.state(pair)));
      return { items: states, ...(next === undefined ? {} : { next }) };
    },
  );
};
