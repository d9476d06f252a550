import { z } from 'zod';
import { cardTextSchema } from './card-texts.ts';
import { deploySchema } from './deploy.ts';
import { estimatorSchema, paramsSchema } from './estimator.ts';
import { gatesSchema } from './gates.ts';
import { columnSchema, nameSchema, ownerSchema } from './names.ts';

export type { DeployConfig } from './deploy.ts';
export type { EstimatorConfig, JsonValue } from './estimator.ts';
export type { GatesConfig } from './gates.ts';

const splitSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('by_entity'),
    test_share: z.number().gt(0).lt(1).describe('Share of the entities that is held out.'),
  }),
  z.strictObject({
    kind: z.literal('out_of_time'),
    test_dates: z.int().min(1).describe('Newest labelled partition dates that are held out.'),
  }),
]);

export const modelSchema = z
  .strictObject({
    kind: z.literal('Model'),
    name: nameSchema.describe('Together with the feature set it names the pair that the registry keeps.'),
    owner: ownerSchema,
    description: z.string().min(1).optional().describe('What it predicts, for people.'),
    risk_tier: z
      .enum(['low', 'medium', 'high'])
      .describe('Materiality; the Platform document says what it asks of approvals.'),
    feature_set: nameSchema.describe('Feature set it learns from and scores.'),
    label: z
      .strictObject({
        source: nameSchema.describe('Source that holds the outcome, with an event_time.'),
        column: columnSchema.describe('Column that holds 0 or 1.'),
        horizon: z
          .string()
          .regex(/^[1-9][0-9]{0,2} (day|days|month|months)$/, 'a time such as 1 month or 30 days')
          .describe('A partition’s label is the fact that happened from its date on, within this time.'),
        window: z
          .int()
          .min(1)
          .max(120)
          .default(1)
          .describe('Newest partition dates with a mature label that training reads.'),
      })
      .describe('What is predicted.'),
    fairness: z
      .strictObject({
        source: nameSchema.describe('Source that holds the attributes.'),
        attributes: z
          .array(columnSchema)
          .min(1)
          .describe('Columns whose groups are compared. They are never features.'),
      })
      .optional()
      .describe('Groups between which the model is compared.'),
    estimator: estimatorSchema.describe(
      'A class with the scikit-learn interface, such as lightgbm.LGBMClassifier, or a pipeline of such classes.',
    ),
    params: paramsSchema.describe(
      'Arguments of the estimator’s constructor; beside a pipeline, of its last step.',
    ),
    seed: z
      .int()
      .min(0)
      .max(2 ** 31 - 1)
      .default(0)
      .describe('Seed of split, estimator and bootstrap: same inputs and seed, same bytes.'),
    split: splitSchema.describe('What is held out for the figures.'),
    gates: gatesSchema.default({}).describe('Bounds on figures of the held-out rows.'),
    resources: z
      .strictObject({
        cpu: z.int().min(1).max(64).describe('Threads of the training job; they change no byte of a model.'),
        memory: z
          .string()
          .regex(/^[1-9][0-9]{0,5}(Mi|Gi)$/, 'memory such as 512Mi or 2Gi')
          .describe('Memory of the training job; beyond it the job is ended.'),
      })
      .describe('What the training job may use.'),
    decision: z
      .strictObject({
        cut_off: z
          .number()
          .gt(0)
          .lt(1)
          .describe(
            'Probability at and above which a row is declined. Fairness gates are measured at it; it stands on the version.',
          ),
      })
      .describe('The decision that the probability leads to.'),
    deploy: deploySchema.describe('How an approved version is put to work.'),
    card: cardTextSchema
      .default(() => cardTextSchema.parse({}))
      .describe(
        'Texts of the model card that only people can write; a version with an empty one is not approved.',
      ),
  })
  .describe('What to learn, from what, and how to put it to work.');

export type ModelConfig = z.infer<typeof modelSchema>;
export type SplitConfig = z.infer<typeof splitSchema>;
export type RiskTier = ModelConfig['risk_tier'];
