import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { FeatureConfigs } from '#catalog/feature-configs.ts';
import { dateSchema } from '#configs/names.ts';
import { columnLineageSchema } from '#features/partitions/manifest.ts';
import { explainSet } from '#features/query/explain-set.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { namedColumnSchema, setParams } from './schemas.ts';

export interface QueryRoutes {
  /** The configs applied now. */
  readonly configs: () => Promise<FeatureConfigs>;
  readonly objects: Pick<ObjectStore, 'bucket'>;
  readonly now: () => Date;
}

const engineText = z.object({
  relations: z
    .array(
      z.object({ name: z.string(), kind: z.enum(['source', 'partition']), of: z.string(), sql: z.string() }),
    )
    .readonly()
    .describe(
      'Statements that make what the query reads: each source as it was known on the date, without sensitive columns, and each other set’s partition.',
    ),
  query: z.string().describe('The query over these relations.'),
});

const answerSchema = z.object({
  feature_set: z.string(),
  definition_digest: z.string(),
  dt: z.string(),
  file: z.string().describe('The template, as the config names it.'),
  rendered: z.string().describe('What the template gives on the date, in Spark SQL.'),
  columns: z.array(namedColumnSchema).readonly().describe('Columns of a partition, entity first.'),
  lineage: z.array(columnLineageSchema),
  engines: z.object({ duckdb: engineText, spark: engineText }),
});

export const queryRoutes: FastifyPluginAsyncZod<QueryRoutes> = async (app, { configs, objects, now }) => {
  app.get(
    '/v1/feature-sets/:set/query',
    {
      config: { role: 'viewer', team: 'featureSet' },
      schema: {
        summary: 'The query of one date as each engine gets it, with columns and lineage; reads no data',
        tags: ['features'],
        params: setParams,
        querystring: z.strictObject({
          dt: dateSchema
            .optional()
            .describe('A partition date. Default: the last one that has begun; the first one, if none has.'),
        }),
        response: { 200: answerSchema },
      },
    },
    async ({ params: { set }, query: { dt } }) => {
      const explained = await explainSet(await configs(), { set, dt, bucket: objects.bucket, now: now() });
      return {
        ...explained,
        lineage: explained.lineage.map((one) => ({ ...one, sources: [...one.sources] })),
      };
    },
  );
};
