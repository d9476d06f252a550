import { z } from 'zod';

const reason = z.string().describe('What it was concluded from, as a full sentence without values of rows.');

/** What the files of a folder say about a source, for people to check: no row values, only names, types and counts. */
export const sourceDraftSchema = z.strictObject({
  files: z.strictObject({
    found: z.int().describe('Parquet files in the folder and below.'),
    read: z.int().describe('How many of them were looked at, spread evenly.'),
    rows: z.int().describe('Rows of these.'),
    sampled: z.int().describe('Rows whose values were compared to find keys.'),
  }),
  columns: z.array(
    z.strictObject({
      name: z.string().describe('Name in the document.'),
      column: z.string().describe('Name in the files.'),
      type: z.string(),
      why: reason
        .nullable()
        .describe('Null if all files hold the column under this name and with this type.'),
    }),
  ),
  left_out: z
    .array(z.strictObject({ column: z.string(), why: reason }))
    .describe('Columns that cannot be declared.'),
  keys: z.strictObject({ columns: z.array(z.string()).min(1), why: reason }),
  event_time: z.strictObject({ column: z.string().nullable(), why: reason }),
  known_time: z.strictObject({
    column: z.string(),
    why: reason,
    is_load_time: z.boolean().describe('False if no column looks like the time of the load.'),
  }),
  sensitive: z.array(z.string()).describe('Columns that look as if they described protected attributes.'),
});

export type SourceDraft = z.infer<typeof sourceDraftSchema>;
