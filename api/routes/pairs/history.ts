import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { noLiveVersion } from '#registry/deployments/no-live-version.ts';
import type { Registry } from '#registry/registry.ts';
import { pageAsked, pageOf, pageQuery } from '../shared/pages.ts';
import { pairOf, pairParams } from '../shared/params.ts';
import { intervalSchema, scheduledSchema } from './schemas.ts';

export const historyRoutes: FastifyPluginAsyncZod<{ readonly registry: Registry }> = async (
  app,
  { registry },
) => {
  app.get(
    '/v1/pairs/:model/:set/history',
    {
      config: { role: 'viewer' },
      schema: {
        summary:
          'Periods in which each version was live, oldest first; with `at`, the version live at that time',
        tags: ['registry'],
        params: pairParams,
        querystring: z.strictObject({
          ...pageQuery.shape,
          at: z.string().optional().meta({ description: 'ISO-8601 instant.' }),
        }),
        response: {
          200: pageOf(intervalSchema).extend({
            scheduled: scheduledSchema.describe('Deployments that are still to go live, earliest first'),
          }),
        },
      },
    },
    async ({ params, query }) => {
      const pair = pairOf(params);
      const state = await registry.state(pair);
      const { scheduled } = state;
      if (query.at === undefined) return { ...(await registry.history(pair, pageAsked(query))), scheduled };
      const interval = await registry.liveAt(pair, query.at);
      if (interval === undefined) throw noLiveVersion(state, `No version was live at ${query.at}.`);
      return { items: [interval], scheduled };
    },
  );
};
