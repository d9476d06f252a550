import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { FeatureConfigs } from '#catalog/feature-configs.ts';
import { dateSchema } from '#configs/names.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { partitionManifestSchema } from '#features/partitions/manifest.ts';
import type { PartitionStore } from '#features/partitions/partition-store.ts';
import type { PartitionManifest } from '#features/partitions/partition.ts';
import { wholeNumber } from '../shared/whole-number.ts';
import { definitionAsked } from './definition.ts';
import { definitionQuery, partitionManifestAnswer, setParams } from './schemas.ts';

export interface PartitionRoutes {
  /** The configs applied now. */
  readonly configs: () => Promise<FeatureConfigs>;
  readonly partitions: Pick<PartitionStore, 'newest' | 'get'>;
  /** The `s3://` URI of a key. */
  readonly uri: (key: string) => string;
}

/** Reads manifests of partitions. Rows themselves are read from S3, by whoever may read there. */
export const partitionRoutes: FastifyPluginAsyncZod<PartitionRoutes> = async (
  app,
  { configs, partitions, uri },
) => {
  const answer = (manifest: PartitionManifest): z.output<typeof partitionManifestAnswer> => ({
    ...partitionManifestSchema.parse(manifest),
    uris: manifest.parts.map(({ key }) => uri(key)),
  });

  app.get(
    '/v1/feature-sets/:set/partitions/:dt',
    {
      config: { role: 'viewer', team: 'featureSet' },
      schema: {
        summary: 'Manifest of the newest revision of a partition: files, schema, inputs, checks, lineage',
        tags: ['features'],
        params: setParams.extend({ dt: dateSchema }),
        querystring: z.strictObject(definitionQuery),
        response: { 200: partitionManifestAnswer },
      },
    },
    async ({ params: { set, dt }, query }) => {
      const found = await partitions.newest(set, await definitionAsked(configs, set, query.definition), dt);
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
      config: { role: 'viewer', team: 'featureSet' },
      schema: {
        summary: 'Manifest of one revision of a partition',
        tags: ['features'],
        params: setParams.extend({ dt: dateSchema, revision: wholeNumber(z.number().int().min(1)) }),
        querystring: z.strictObject(definitionQuery),
        response: { 200: partitionManifestAnswer },
      },
    },
    async ({ params: { set, dt, revision }, query }) => {
      const definition_digest = await definitionAsked(configs, set, query.definition);
      return answer(await partitions.get({ feature_set: set, definition_digest, dt, revision }));
    },
  );
};
