import { z } from 'zod';
import { columnSchema, columnTypeSchema, nameSchema, ownerSchema } from './names.ts';
import { readSchema } from './reading.ts';

export const sourceSchema = z
  .strictObject({
    kind: z.literal('Source'),
    name: nameSchema.describe('How feature sets and models refer to it.'),
    owner: ownerSchema,
    read: readSchema,
    description: z.string().min(1).optional().describe('What the table holds, for people.'),
    location: z
      .string()
      .regex(/^([A-Za-z0-9_=-]+\/)+$/, 'a folder under the lake bucket, ending in /')
      .describe('Folder under the lake bucket; every Parquet file in it is read.'),
    keys: z
      .array(columnSchema)
      .min(1)
      .describe(
        'Columns that identify a fact; of several rows with the same keys, the one known last counts.',
      ),
    event_time: columnSchema
      .optional()
      .describe(
        'Column (date or timestamp) that says when the fact happened; omitted for facts without a date, such as customers.',
      ),
    known_time: columnSchema.describe(
      'Column (date or timestamp) that says when the fact became known. A partition uses nothing known after its date.',
    ),
    columns: z
      .record(columnSchema, columnTypeSchema)
      .describe(
        'Every column that queries may read, with its type: boolean, int, bigint, double, string, date or timestamp.',
      ),
    sensitive: z
      .array(columnSchema)
      .default([])
      .describe('Columns that must not become features (sex, age, …); used only for fairness slices.'),
  })
  .describe('A raw table in the lake: Parquet files below one folder, written by another system.');

export type SourceConfig = z.infer<typeof sourceSchema>;
