import { z } from 'zod';
import { checkSchema } from './checks.ts';
import {
  columnSchema,
  columnTypeSchema,
  dateSchema,
  durationSchema,
  nameSchema,
  ownerSchema,
  siblingFileSchema,
} from './names.ts';

/** Types a model can take in. */
const featureTypeSchema = columnTypeSchema.extract(['boolean', 'int', 'bigint', 'double', 'string']);

export const featureSchema = z.strictObject({
  type: featureTypeSchema,
  /** Read by people: on the card, and as the reason shown for a declined row. */
  description: z.string().min(1),
  /** Direction in which the score may move when the feature grows; estimators that can, obey it. */
  monotonic: z.enum(['increasing', 'decreasing']).optional(),
  /** The feature may stand for a protected attribute (a postcode, say); shown on the card. */
  proxy_risk: z.boolean().default(false),
});

/** A templated SQL query that gives features per entity and partition date. */
export const featureSetSchema = z.strictObject({
  kind: z.literal('FeatureSet'),
  name: nameSchema,
  owner: ownerSchema,
  description: z.string().min(1).optional(),
  entity: columnSchema,
  sources: z.array(nameSchema).default([]),
  /** Other sets the query reads, at the same partition date. */
  feature_sets: z.array(nameSchema).default([]),
  partition: z.strictObject({
    grain: z.enum(['day', 'month']),
    /** First partition date; for grain month, a first of a month. */
    start: dateSchema,
    /** Last partition date; without it the set goes on. */
    end: dateSchema.optional(),
    /** Oldest partition that may still serve a score date. */
    max_staleness: durationSchema.regex(/d$/, 'whole days, such as 35d'),
  }),
  sql: siblingFileSchema,
  /** Files of Jinja macros, read before the query. */
  macros: z.array(siblingFileSchema).default([]),
  params: z.record(columnSchema, z.union([z.string(), z.number(), z.boolean()])).default({}),
  features: z
    .record(columnSchema, featureSchema)
    .refine((f) => Object.keys(f).length > 0, 'at least one feature'),
  checks: z.array(checkSchema).default([]),
});

/** As written in YAML. */
export type FeatureSetYaml = z.infer<typeof featureSetSchema>;

/** As the platform keeps it: the SQL files' text travels with the config. */
export type FeatureSetConfig = FeatureSetYaml & {
  readonly sql_text: string;
  readonly macro_texts: readonly string[];
};
