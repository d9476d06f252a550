import { z } from 'zod';
import { columnSchema, nameSchema, ownerSchema } from './names.ts';
import { LOCATION } from './raw-location.ts';
import { readSchema } from './reading.ts';
import { columnTypeSchema } from './types/declared-type.ts';

/** Up to 9999, so that no date moves out of the calendar. */
const delaySchema = z
  .string()
  .regex(/^[1-9][0-9]{0,3}[smhd]$/, 'a duration such as 30m, 6h or 2d, of at most four digits');

const availabilitySchema = z
  .strictObject({
    lag: delaySchema
      .optional()
      .describe(
        'How long after its known time a row reaches the lake. Days are days of the calendar. By default, none.',
      ),
    cut_off: z
      .string()
      .regex(/^([01][0-9]|2[0-3]):[0-5][0-9]$/, 'a time of day from 00:00 to 23:59')
      .optional()
      .describe(
        'Time of day, in the time zone of the feature set, at which the rows of a day are delivered. A timestamp after it belongs to the next delivery. A row known on a date is delivered at this time of that date; by default, at its end.',
      ),
    reported_within: delaySchema
      .optional()
      .describe(
        'The longest time from an event to its known time. A label window counts once it ended this long ago. By default, none.',
      ),
  })
  .refine((availability) => Object.keys(availability).length > 0, 'the section is empty');

/** A column by its type alone, or with the name that it has in the files. */
const sourceColumnSchema = z.union([
  columnTypeSchema,
  z.strictObject({
    column: z
      .string()
      .min(1)
      .max(255)
      .describe('Name of the column in the files, if it is not the name used here. Compared without case.'),
    type: columnTypeSchema.describe('Type of the column.'),
  }),
]);

/** The name of a column in the document, which may differ from that in the files. */
const nameOfColumnSchema = z
  .string()
  .regex(
    /^[A-Za-z_][A-Za-z0-9_]{0,62}$/,
    'a column name: letters, digits and _, not starting with a digit; another name in the files is given as { column: "…", type: … }',
  );

export const sourceSchema = z
  .strictObject({
    kind: z.literal('Source'),
    name: nameSchema.describe('How feature sets and models refer to it.'),
    owner: ownerSchema,
    read: readSchema,
    description: z.string().min(1).optional().describe('What the table holds, for people.'),
    location: z
      .string()
      .regex(LOCATION, 'a folder under the lake bucket, ending in /')
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
      'Column (date or timestamp in UTC) that says when the row became known. A partition uses nothing that was not known when its date began.',
    ),
    availability: availabilitySchema
      .optional()
      .describe('When rows can be read; by default, as soon as they are known.'),
    sequence: columnSchema
      .optional()
      .describe(
        'Column of whole numbers, decimals, dates or timestamps that orders rows of the same keys and known time; the greatest one counts.',
      ),
    deleted: columnSchema
      .optional()
      .describe(
        'Column (boolean) that is true in a row that deletes the fact of its keys. The fact does not exist from the known time of that row on.',
      ),
    columns: z
      .record(nameOfColumnSchema, sourceColumnSchema)
      .describe(
        'Every column that queries may read, with its type in Spark’s spelling; docs/reference/types.md lists the types. A column whose name in the files is not a plain identifier is written as { column: "Größe (EUR)", type: double } under the name that everything else uses.',
      ),
    sensitive: z
      .array(columnSchema)
      .default([])
      .describe('Columns that must not become features (sex, age, …); used only for fairness slices.'),
  })
  .describe('A raw table in the lake: Parquet files below one folder, written by another system.');

export type SourceConfig = z.infer<typeof sourceSchema>;
