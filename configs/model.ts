import { z } from 'zod';
import { columnSchema, durationSchema, nameSchema, ownerSchema } from './names.ts';

const jsonValue: z.ZodType<JsonValue> = z.lazy(() =>
  z.union([
    z.string(),
    z.number(),
    z.boolean(),
    z.null(),
    z.array(jsonValue),
    z.record(z.string(), jsonValue),
  ]),
);
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

const classPath = z
  .string()
  .regex(/^[a-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)+$/, 'a class, such as lightgbm.LGBMClassifier');

/** One class with the scikit-learn interface, or the steps of a scikit-learn Pipeline in order. */
export const estimatorSchema = z.union([
  classPath,
  z.strictObject({
    pipeline: z
      .array(z.strictObject({ class: classPath, params: z.record(z.string(), jsonValue).default({}) }))
      .min(1),
  }),
]);

export const splitSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('by_entity'), test_share: z.number().gt(0).lt(1) }),
  /** The newest `test_dates` labelled partition dates are held out. */
  z.strictObject({ kind: z.literal('out_of_time'), test_dates: z.int().min(1) }),
]);

const bound = { min: z.number().optional(), max: z.number().optional() };
/** Gates compare a figure on the test split; the verdicts are judged at approval. */
export const gatesSchema = z.strictObject({
  auc: z.strictObject(bound).optional(),
  gini: z.strictObject(bound).optional(),
  ks: z.strictObject(bound).optional(),
  brier: z.strictObject(bound).optional(),
  log_loss: z.strictObject(bound).optional(),
  demographic_parity_ratio: z.strictObject({ attribute: columnSchema, ...bound }).optional(),
  equal_opportunity_difference: z.strictObject({ attribute: columnSchema, ...bound }).optional(),
});

const quantity = z.string().regex(/^[1-9][0-9]{0,5}(Mi|Gi)$/, 'memory such as 512Mi or 2Gi');

export const deploySchema = z.strictObject({
  scheduler: z.enum(['temporal', 'airflow']),
  schedule: z.string().min(9).max(100),
  timezone: z.string().min(1),
  go_live: z.union([z.literal('next_day'), z.strictObject({ after: durationSchema })]).default('next_day'),
  /** Probability at and above which a row is declined. The fairness gates are measured at it. */
  cut_off: z.number().gt(0).lt(1),
});

/** Texts only people can write. Empty ones keep a version from being approved. */
export const cardTextSchema = z.strictObject({
  purpose: z.string().default(''),
  rationale: z.string().default(''),
  exposure: z.string().default(''),
  validator: z.string().default(''),
  product: z.string().default(''),
  market: z.string().default(''),
  population: z.string().default(''),
  decision: z.string().default(''),
  intended_users: z.string().default(''),
  prohibited_uses: z.string().default(''),
  human_oversight: z.string().default(''),
  exclusions: z.string().default(''),
  reject_inference: z.string().default(''),
  assumptions: z.string().default(''),
  limitations: z.string().default(''),
  trade_offs: z.string().default(''),
  alternatives_searched: z.string().default(''),
  mitigation: z.string().default(''),
  monitoring_plan: z.string().default(''),
  review_date: z.string().default(''),
});

export const modelSchema = z.strictObject({
  kind: z.literal('Model'),
  name: nameSchema,
  owner: ownerSchema,
  description: z.string().min(1).optional(),
  risk_tier: z.enum(['low', 'medium', 'high']),
  feature_set: nameSchema,
  label: z.strictObject({
    source: nameSchema,
    column: columnSchema,
    /** A partition's label is the fact that happened from its date on, within this time: `1 month`, `30 days`. */
    horizon: z.string().regex(/^[1-9][0-9]{0,2} (day|days|month|months)$/, 'such as 1 month or 30 days'),
    /** Newest partition dates with a mature label that training reads. */
    window: z.int().min(1).max(120).default(1),
  }),
  fairness: z.strictObject({ source: nameSchema, attributes: z.array(columnSchema).min(1) }).optional(),
  estimator: estimatorSchema,
  params: z.record(z.string(), jsonValue).default({}),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(0),
  split: splitSchema,
  gates: gatesSchema.default({}),
  resources: z.strictObject({ cpu: z.int().min(1).max(64), memory: quantity }),
  deploy: deploySchema,
  card: cardTextSchema.default(() => cardTextSchema.parse({})),
});

export type ModelConfig = z.infer<typeof modelSchema>;
export type EstimatorConfig = z.infer<typeof estimatorSchema>;
export type SplitConfig = z.infer<typeof splitSchema>;
export type GatesConfig = z.infer<typeof gatesSchema>;
export type DeployConfig = z.infer<typeof deploySchema>;
export type CardTexts = z.infer<typeof cardTextSchema>;
export type RiskTier = ModelConfig['risk_tier'];
