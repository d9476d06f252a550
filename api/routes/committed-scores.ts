import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { dateSchema, nameSchema } from '#configs/names.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { scoresManifestSchema } from '#scoring/scores-manifest.ts';
import type { ScoresStore } from '#scoring/scores-store.ts';

const pairParams = { model: nameSchema, set: nameSchema };

const entrySchema = scoresManifestSchema
  .pick({
    model: true,
    feature_set: true,
    version: true,
    score_date: true,
    revision: true,
    rows: true,
    declined: true,
    built_at: true,
  })
  .extend({
    manifest_key: z.string(),
    partition_date: dateSchema,
    drifting: z
      .array(z.string())
      .meta({ description: 'Names whose population stability index is at alert level.' }),
  });

const manifestAnswer = scoresManifestSchema.extend({
  uris: z.array(z.string()).meta({ description: 'Parquet files, in the order of the parts.' }),
});

/** Reads of committed scores. Rows themselves are read from S3, by whoever may read there. */
export const scoringRoutes: FastifyPluginAsyncZod<{
  readonly scores: ScoresStore;
  /** The `s3://` URI of a key. */
  readonly uri: (key: string) => string;
}> = async (app, { scores, uri }) => {
  app.get(
    '/v1/pairs/:model/:set/scores',
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'List committed scores of a pair, oldest date first',
        tags: ['scores'],
        params: z.object(pairParams),
        querystring: z.object({ from: dateSchema.optional(), to: dateSchema.optional() }),
        response: { 200: z.object({ scores: z.array(entrySchema) }) },
      },
    },
    async ({ params, query }) => {
      const pair = { model: params.model, feature_set: params.set };
      return { scores: (await scores.list(pair, query.from, query.to)).map(mutable) };
    },
  );

  app.get(
    '/v1/pairs/:model/:set/scores/:score_date',
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'Manifest of the scores of a date: files, drift, what the reasons mean',
        tags: ['scores'],
        params: z.object({ ...pairParams, score_date: dateSchema }),
        querystring: z.object({
          version: z.coerce
            .number()
            .int()
            .min(1)
            .optional()
            .meta({ description: 'Default: the last built.' }),
        }),
        response: { 200: manifestAnswer },
      },
    },
    async ({ params, query }) => {
      const pair = { model: params.model, feature_set: params.set };
      const found = await scores.newest(pair, params.score_date, query.version);
      if (found === undefined) {
        const version = query.version === undefined ? '' : ` v${query.version}`;
        throw new MillraceError('SCORES_NOT_FOUND', `none for ${params.score_date}`, {
          where: `${params.model}/${params.set}${version}`,
        });
      }
      return { ...scoresManifestSchema.parse(found), uris: found.parts.map(({ key }) => uri(key)) };
    },
  );
};

function mutable<T extends { readonly drifting: readonly string[] }>(entry: T) {
  return { ...entry, drifting: [...entry.drifting] };
}
