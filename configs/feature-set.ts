import { z } from 'zod';
import { checkSchema } from './checks.ts';
import { entitySchema } from './entity.ts';
import {
  columnSchema,
  dateSchema,
  durationSchema,
  nameSchema,
  ownerSchema,
  siblingFileSchema,
} from './names.ts';
import { readSchema } from './reading.ts';
import { timeZoneSchema } from './time-zone-schema.ts';

/** Types that a model accepts as input. */
const featureTypeSchema = z.enum(['boolean', 'int', 'bigint', 'double', 'string']);

const featureSchema = z.strictObject({
  type: featureTypeSchema.describe('Type of the column that the query returns.'),
  description: z
    .string()
    .min(1)
    .describe('Read by people: on the card, and as the reason shown for a declined row.'),
  monotonic: z
    .enum(['increasing', 'decreasing'])
    .optional()
    .describe(
      'Direction in which the score may move when the feature grows; applied by estimators that support it.',
    ),
  proxy_risk: z
    .boolean()
    .default(false)
    .describe('The feature may stand for a protected attribute (for example a postcode); shown on the card.'),
});

export const featureSetSchema = z
  .strictObject({
    kind: z.literal('FeatureSet'),
    name: nameSchema.describe('How models and other sets refer to it.'),
    owner: ownerSchema,
    read: readSchema,
    description: z.string().min(1).optional().describe('What the set describes, for people.'),
    entity: entitySchema.describe(
      'Column that identifies what is scored, such as account; or the list of columns that do so together, such as [account, product].',
    ),
    sources: z
      .array(nameSchema)
      .default([])
      .describe(
        'Sources the query reads as {{ sources.<name> }}, each as it was known on the partition date.',
      ),
    feature_sets: z
      .array(nameSchema)
      .default([])
      .describe(
        'Other sets the query reads as {{ features.<name> }}, at the same partition date; of a set with partitions by month, a set by day reads the newest within its max_staleness.',
      ),
    partition: z
      .strictObject({
        grain: z.enum(['day', 'month']).describe('One partition per day, or one on the first of each month.'),
        start: dateSchema.describe('First partition date; for grain month, the first of a month.'),
        end: dateSchema.optional().describe('Last partition date; by default there is none.'),
        max_staleness: durationSchema
          .regex(/d$/, 'whole days, such as 35d')
          .describe('Maximum age, in days, of a partition that serves a score date.'),
        time_zone: timeZoneSchema
          .default('UTC')
          .describe(
            'IANA time zone in which the dates of partitions, labels and scores begin and end. Old names such as US/Pacific are replaced by their canonical name.',
          ),
      })
      .describe('Dates for which the query is run.'),
    sql: siblingFileSchema.describe(
      'File with the query: Spark SQL as a Jinja template over sources, features, ds and params.',
    ),
    macros: z.array(siblingFileSchema).default([]).describe('Files of Jinja macros, read before the query.'),
    params: z
      .record(columnSchema, z.union([z.string(), z.number(), z.boolean()]))
      .default({})
      .describe('Values for {{ params.<name> }}: typed in conditions, SQL literals where they are inserted.'),
    features: z
      .record(columnSchema, featureSchema)
      .refine((features) => Object.keys(features).length > 0, 'the set has no feature')
      .describe('Columns that the query returns besides the entity.'),
    checks: z
      .array(checkSchema)
      .default([])
      .describe('Expectations on each partition, by their Great Expectations names.'),
  })
  .describe('A templated SQL query that computes features per entity and partition date.');

/** As written in YAML. */
export type FeatureSetYaml = z.infer<typeof featureSetSchema>;

/** As stored: the config includes the text of its SQL files. */
export type FeatureSetConfig = FeatureSetYaml & {
  readonly sql_text: string;
  readonly macro_texts: readonly string[];
};
