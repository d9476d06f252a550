import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { dateSchema, nameSchema } from '#configs/names.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { definitionDigest } from '#features/definition.ts';
import { type FeatureConfigs, featureSetNamed } from '#catalog/feature-configs.ts';
import {
  columnLineageSchema,
  partitionManifestSchema,
  partitionRefSchema,
} from '#features/partitions/manifest.ts';
import type { PartitionStore } from '#features/partitions/partition-store.ts';
import type { PartitionManifest } from '#features/partitions/partition.ts';

const setParams = { set: nameSchema };
const definitionQuery = {
  definition: partitionRefSchema.shape.definition_digest
    .optional()
    .meta({ description: 'Digest of an earlier definition. Default: the one applied now.' }),
};

const entrySchema = partitionRefSchema.extend({
  manifest_key: z.string(),
  rows: z.int(),
  built_at: z.string(),
});

const manifestAnswer = partitionManifestSchema.extend({
  uris: z.array(z.string()).meta({ description: 'Parquet files, in the order of the parts.' }),
});

/** Reads of feature sets and their partitions. Rows themselves are read from S3, by whoever may read there. */
export const featureRoutes: FastifyPluginAsyncZod<{
  /** The configs applied now. */
  readonly configs: () => Promise<FeatureConfigs>;
  readonly partitions: PartitionStore;
  /** The `s3://` URI of a key. */
  readonly uri: (key: string) => string;
}> = async (app, { configs, partitions, uri }) => {
  const definitionOf = async (set: string, asked: string | undefined): Promise<string> => {
    if (asked !== undefined) return asked;
    const applied = await configs();
    return definitionDigest(featureSetNamed(applied, set), applied);
  };
  const answer = (manifest: PartitionManifest): z.output<typeof manifestAnswer> => ({
    ...partitionManifestSchema.parse(manifest),
    uris: manifest.parts.map(({ key }) => uri(key)),
  });

  app.get(
    '/v1/feature-sets/:set/partitions',
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'List committed partitions of a feature set, oldest date first',
        tags: ['features'],
        params: z.object(setParams),
        querystring: z.object({
          from: dateSchema.optional(),
          to: dateSchema.optional(),
          ...definitionQuery,
        }),
        response: { 200: z.object({ definition_digest: z.string(), partitions: z.array(entrySchema) }) },
      },
    },
    async ({ params, query }) => {
      const definition_digest = await definitionOf(params.set, query.definition);
      const found = await partitions.list(params.set, definition_digest, query.from, query.to);
      return { definition_digest, partitions: [...found] };
    },
  );

  app.get(
    '/v1/feature-sets/:set/partitions/:dt',
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'Manifest of the newest revision of a partition: files, schema, inputs, checks, lineage',
        tags: ['features'],
        params: z.object({ ...setParams, dt: dateSchema }),
        querystring: z.object(definitionQuery),
        response: { 200: manifestAnswer },
      },
    },
    async ({ params: { set, dt }, query }) => {
      const found = await partitions.newest(set, await definitionOf(set, query.definition), dt);
      if (found === undefined)
        throw new MillraceError('PARTITION_NOT_FOUND', `"${set}" has no partition at ${dt}.`, {
          details: { feature_set: set, dt },
        });
      return answer(found);
    },
  );

  app.get(
    '/v1/feature-sets/:set/partitions/:dt/r/:revision',
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'Manifest of one revision of a partition',
        tags: ['features'],
        params: z.object({ ...setParams, dt: dateSchema, revision: z.coerce.number().int().min(1) }),
        querystring: z.object(definitionQuery),
        response: { 200: manifestAnswer },
      },
    },
    async ({ params: { set, dt, revision }, query }) => {
      const definition_digest = await definitionOf(set, query.definition);
      return answer(await partitions.get({ feature_set: set, definition_digest, dt, revision }));
    },
  );

  app.get(
    '/v1/feature-sets/:set/lineage',
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'Raw columns and expression of every feature, as the set is defined now',
        tags: ['features'],
        params: z.object(setParams),
        response: { 200: z.object({ definition_digest: z.string(), lineage: z.array(columnLineageSchema) }) },
      },
    },
    async ({ params }) => {
      const applied = await configs();
      const set = featureSetNamed(applied, params.set);
      // Loaded with the first request that needs it: the SQL parser takes 50 MiB.
      const { featureQuery } = await import('#features/query/feature-query.ts');
      const { lineage } = featureQuery(set, applied, set.partition.start);
      return {
        definition_digest: definitionDigest(set, applied),
        lineage: lineage.map((one) => ({ ...one, sources: [...one.sources] })),
      };
    },
  );
};
