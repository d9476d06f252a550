import { z } from 'zod';
import { dateSchema } from '#configs/names.ts';
import { scoresManifestSchema } from '#scoring/scores-manifest.ts';

export const scoresEntrySchema = scoresManifestSchema
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

export const scoresManifestAnswer = scoresManifestSchema.extend({
  uris: z.array(z.string()).meta({ description: 'Parquet files, in the order of the parts.' }),
});

export const scoreBody = z.strictObject({
  score_date: dateSchema.describe('Day the scores are for; the partition is chosen by it'),
  version: z.number().int().min(1).optional().describe('Default: the live version'),
  refresh: z.boolean().default(false).describe('Score again, as a new revision'),
});
