import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { nameSchema } from '#configs/names.ts';
import { z } from 'zod';
import type { Registry } from '#registry/registry.ts';
import { STAGES } from '#registry/stage.ts';
import { stageSchema } from './pairs/versions/schemas.ts';
import { pageAsked, pageOf, pageQuery } from './shared/pages.ts';

export const searchRoutes: FastifyPluginAsyncZod<{ readonly registry: Registry }> = async (
  app,
  { registry },
) => {
  app.get(
    '/v1/search',
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'Find versions by stage, model and feature set',
        tags: ['registry'],
        querystring: pageQuery
          .extend({
            stage: z.enum(STAGES).optional(),
            model: nameSchema.optional(),
            feature_set: nameSchema.optional(),
          })
          .refine(({ model, feature_set }) => feature_set === undefined || model !== undefined, {
            message: 'feature_set narrows a model: give model too',
            path: ['model'],
          }),
        response: { 200: pageOf(stageSchema) },
      },
    },
    async ({ query }) => {
      const { stage, model, feature_set } = query;
      return registry.search(
        {
          ...(stage === undefined ? {} : { stage }),
          ...(model === undefined ? {} : { model }),
          ...(feature_set === undefined ? {} : { feature_set }),
        },
        pageAsked(query),
      );
    },
  );
};
