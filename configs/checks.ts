import { z } from 'zod';
import { columnSchema } from './names.ts';

const column = columnSchema.describe('A column of the entity or one of the features.');
const severity = z
  .enum(['error', 'warn'])
  .default('error')
  .describe(
    'A failed check of severity error stops the commit of the partition; a failed warn is only recorded.',
  );
const mostly = z
  .number()
  .gt(0)
  .max(1)
  .default(1)
  .describe('Minimum share of values that must meet the expectation.');
const bounds = {
  min_value: z.number().optional().describe('Smallest allowed value (inclusive).'),
  max_value: z.number().optional().describe('Largest allowed value (inclusive).'),
};
const rowBounds = {
  min_value: z.int().min(0).optional().describe('Smallest allowed number of rows (inclusive).'),
  max_value: z.int().min(0).optional().describe('Largest allowed number of rows (inclusive).'),
};

/** Checks on a partition, by their Great Expectations names. A failed check of severity `error` stops the commit. */
export const checkSchema = z.union([
  check(
    'expect_column_values_to_not_be_null',
    { column, mostly },
    'No value is missing: neither null, nor NaN, nor an empty text.',
  ),
  check(
    'expect_column_values_to_be_unique',
    { column, mostly },
    'No value occurs twice; every row of a repeated value counts, missing values do not.',
  ),
  check(
    'expect_column_values_to_be_between',
    { column, ...bounds, mostly },
    'Values that are not missing are within the bounds.',
  ),
  check(
    'expect_column_values_to_be_in_set',
    {
      column,
      value_set: z
        .array(z.union([z.string(), z.number(), z.boolean()]))
        .min(1)
        .describe('The allowed values, of the type of the column; a bigint above 2^53 in quotes.'),
      mostly,
    },
    'Values that are not missing belong to a set.',
  ),
  check(
    'expect_column_mean_to_be_between',
    { column, ...bounds },
    'The mean of the values that are not missing is within the bounds.',
  ),
  check('expect_table_row_count_to_be_between', rowBounds, 'The number of rows is within the bounds.'),
]);

export type Check = z.infer<typeof checkSchema>;

function check<N extends string, S extends z.ZodRawShape>(name: N, shape: S, meaning: string) {
  return z.strictObject({ [name]: z.strictObject({ ...shape, severity }).describe(meaning) } as Record<
    N,
    z.ZodObject<S & { severity: typeof severity }, z.core.$strict>
  >);
}
