import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { MillraceError } from '#errors/millrace-error.ts';
import type { Registry } from '#registry/registry.ts';
import { pairOf, pairParams } from '../shared/params.ts';
import { intervalSchema } from './schemas.ts';

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
        querystring: z.strictObject({ at: z.string().optional().meta({ description: 'ISO-8601 instant.' }) }),
        response: { 200: z.object({ intervals: z.array(intervalSchema).readonly() }) },
      },
    },
    async ({ params, query }) => {
      const pair = pairOf(params);
      await registry.state(pair);
      if (query.at === undefined) return { intervals: await registry.history(pair) };
      const interval = await registry.liveAt(pair, query.at);
      if (interval === undefined) {
        throw new MillraceError('NO_LIVE_VERSION', `No version was live at ${query.at}.`, {
          where: `${pair.model}/${pair.feature_set}`,
        });
      }
      return { intervals: [interval] };
    },
  );
};
