import { z } from 'zod';
import { columnSchema, columnTypeSchema, nameSchema, ownerSchema } from './names.ts';

/** A raw table in the lake: Parquet files below one folder, written by somebody else. */
export const sourceSchema = z.strictObject({
  kind: z.literal('Source'),
  name: nameSchema,
  owner: ownerSchema,
  description: z.string().min(1).optional(),
  location: z.string().regex(/^([A-Za-z0-9_=-]+\/)+$/, 'a folder under the lake bucket, ending in /'),
  /** Columns that identify a fact; of several rows with the same keys the one known last counts. */
  keys: z.array(columnSchema).min(1),
  /** Column that says when the fact happened; left out for a table of standing facts, such as customers. */
  event_time: columnSchema.optional(),
  /** Column that says when the lake knew the fact. Nothing known after a partition's date enters it. */
  known_time: columnSchema,
  columns: z.record(columnSchema, columnTypeSchema),
  /** Columns that may not become features (sex, age, …); they serve fairness slices. */
  sensitive: z.array(columnSchema).default([]),
});

export type SourceConfig = z.infer<typeof sourceSchema>;
