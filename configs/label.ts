import { z } from 'zod';
import { columnSchema, nameSchema } from './names.ts';

const valueSchema = z.union([z.string(), z.number(), z.boolean()]);

export const labelSchema = z
  .strictObject({
    source: nameSchema.describe('Source of the outcome; it must have an event_time.'),
    column: columnSchema.describe('Column that holds 0 or 1, true or false, or what `positive` explains.'),
    positive: z
      .union([valueSchema, z.array(valueSchema).min(1)])
      .optional()
      .describe(
        'Value of the column that means 1, or a list of such values, of the type of the column; a bigint above 2^53 in quotes. Every other value means 0; null means that there is no label. By default, the column holds 0 and 1 itself.',
      ),
    absent: z
      .literal(0)
      .optional()
      .describe(
        'Label of an entity without a fact in its window, for a source that holds only positives. By default, such an entity has no label.',
      ),
    horizon: z
      .string()
      .regex(/^[1-9][0-9]{0,2} (day|days|month|months)$/, 'a time such as 1 month or 30 days')
      .describe('The label of a partition comes from facts that happened within this time from its date.'),
    window: z
      .int()
      .min(1)
      .max(120)
      .default(1)
      .describe('Number of newest partition dates with complete labels that training reads.'),
  })
  .describe('What is predicted.');

export type LabelConfig = z.infer<typeof labelSchema>;
export type LabelValue = z.infer<typeof valueSchema>;

/** The values that mean 1; undefined if the column holds 0 and 1 itself. */
export function positiveValues({
  positive,
}: Pick<LabelConfig, 'positive'>): readonly LabelValue[] | undefined {
  if (positive === undefined) return undefined;
  return Array.isArray(positive) ? positive : [positive];
}
