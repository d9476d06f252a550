import { z } from 'zod';
import { columnSchema } from './names.ts';

const severity = z.enum(['error', 'warn']).default('error');
const mostly = z.number().gt(0).max(1).default(1);
const bounds = { min_value: z.number().optional(), max_value: z.number().optional() };

/** Checks on a partition, by their Great Expectations names. An `error` check that fails stops the commit. */
export const checkSchema = z.union([
  check('expect_column_values_to_not_be_null', { column: columnSchema, mostly }),
  check('expect_column_values_to_be_unique', { column: columnSchema }),
  check('expect_column_values_to_be_between', { column: columnSchema, ...bounds, mostly }),
  check('expect_column_values_to_be_in_set', {
    column: columnSchema,
    value_set: z.array(z.union([z.string(), z.number(), z.boolean()])).min(1),
    mostly,
  }),
  check('expect_column_mean_to_be_between', { column: columnSchema, ...bounds }),
  check('expect_table_row_count_to_be_between', bounds),
]);

export type Check = z.infer<typeof checkSchema>;

function check<N extends string, S extends z.ZodRawShape>(name: N, shape: S) {
  return z.strictObject({ [name]: z.strictObject({ ...shape, severity }) } as Record<
    N,
    z.ZodObject<S & { severity: typeof severity }, z.core.$strict>
  >);
}
