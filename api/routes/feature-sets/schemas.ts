import { z } from 'zod';
import { dateSchema, nameSchema } from '#configs/names.ts';
import { partitionManifestSchema, partitionRefSchema } from '#features/partitions/manifest.ts';
import { runSchema } from '../shared/run.ts';

export const setParams = z.object({ set: nameSchema });
export const definitionQuery = {
  definition: partitionRefSchema.shape.definition_digest
    .optional()
    .meta({ description: 'Digest of an earlier definition. Default: the currently applied one.' }),
};

export const namedColumnSchema = z.object({
  name: z.string(),
  type: z.string().describe('Type, by its Spark SQL name.'),
});

export const partitionEntrySchema = partitionRefSchema.extend({
  manifest_key: z.string(),
  rows: z.int(),
  built_at: z.string(),
});

export const partitionManifestAnswer = partitionManifestSchema.extend({
  uris: z.array(z.string()).meta({ description: 'Parquet files, in the order of the parts.' }),
});

const refresh = z.boolean().default(false).describe('Build a new revision if the inputs have changed since');
const oneDate = z.strictObject({ dt: dateSchema, refresh });
const manyDates = z.strictObject({ from: dateSchema, to: dateSchema, refresh });
export const buildAnswer = z.union([runSchema, z.object({ runs: z.array(runSchema) })]);

export const buildBody = z.union([oneDate, manyDates]);
