import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type FeatureConfigs, featureSetNamed } from '#catalog/feature-configs.ts';
import { definitionDigest } from '#features/definition.ts';
import { columnLineageSchema } from '#features/partitions/manifest.ts';
import { compileQuery } from '#features/query/compile-service.ts';
import { setParams } from './schemas.ts';

export const lineageRoutes: FastifyPluginAsyncZod<{
  readonly configs: () => Promise<FeatureConfigs>;
}> = async (app, { configs }) => {
  app.get(
    '/v1/feature-sets/:set/lineage',
    {
      config: { role: 'viewer', team: 'featureSet' },
      schema: {
        summary: 'Raw columns and expression of every feature in the current definition',
        tags: ['features'],
        params: setParams,
        response: { 200: z.object({ definition_digest: z.string(), lineage: z.array(columnLineageSchema) }) },
      },
    },
    async ({ params }) => {
      const applied = await configs();
      const set = featureSetNamed(applied, params.set);
      const { lineage } = await compileQuery(applied, { set: set.name, dt: set.partition.start });
      return {
        definition_digest: definitionDigest(set, applied),
        lineage: lineage.map((one) => ({ ...one, sources: [...one.sources] })),
      };
    },
  );
};
