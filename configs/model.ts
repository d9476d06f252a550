import { z } from 'zod';
import { cardTextSchema } from './card-texts.ts';
import { deploySchema } from './deploy.ts';
import { estimatorSchema, paramsSchema } from './estimator.ts';
import { fairnessSchema } from './fairness.ts';
import { gatesSchema } from './gates.ts';
import { labelSchema } from './label.ts';
import { nameSchema, ownerSchema } from './names.ts';
import { readSchema } from './reading.ts';

export type { DeployConfig } from './deploy.ts';
export type { EstimatorConfig, JsonValue } from './estimator.ts';
export type { GatesConfig } from './gates.ts';

const splitSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('by_entity'),
    test_share: z.number().gt(0).lt(1).describe('Share of entities that is held out.'),
  }),
  z.strictObject({
    kind: z.literal('out_of_time'),
    test_dates: z.int().min(1).describe('Number of newest labelled partition dates that are held out.'),
  }),
]);

export const modelSchema = z
  .strictObject({
    kind: z.literal('Model'),
    name: nameSchema.describe('Model and feature set together name the pair, the key of the registry.'),
    owner: ownerSchema,
    read: readSchema,
    description: z.string().min(1).optional().describe('What it predicts, for people.'),
    risk_tier: z
      .enum(['low', 'medium', 'high'])
      .describe('Materiality; the Platform document defines what it requires for approvals.'),
    feature_set: nameSchema.describe('Feature set it learns from and scores.'),
    label: labelSchema,
    fairness: fairnessSchema.optional(),
    estimator: estimatorSchema.describe(
      'A class with the scikit-learn interface, such as lightgbm.LGBMClassifier, or a pipeline of such classes.',
    ),
    params: paramsSchema.describe(
      'Arguments of the estimator’s constructor; for a pipeline, of its last step.',
    ),
    seed: z
      .int()
      .min(0)
      .max(2 ** 31 - 1)
      .default(0)
      .describe('Seed of split, estimator and bootstrap; the same inputs and seed give the same bytes.'),
    split: splitSchema.describe('How the test rows are held out.'),
    gates: gatesSchema.default({}).describe('Bounds on figures of the held-out rows.'),
    resources: z
      .strictObject({
        cpu: z.int().min(1).max(64).describe('Threads of the training job; they do not change the model.'),
        memory: z
          .string()
          .regex(/^[1-9][0-9]{0,5}(Mi|Gi)$/, 'memory such as 512Mi or 2Gi')
          .describe('Memory limit of the training job; a job that exceeds it is stopped.'),
        priority: z
          .int()
          .min(1)
          .max(5)
          .default(3)
          .describe(
            'Trainings of a smaller number start first while they wait for a slot. Daily scores have 2, backfills 4; teams share a number fairly. Does not change the model.',
          ),
      })
      .describe('What the training job may use, and when it starts.'),
    decision: z
      .strictObject({
        cut_off: z
          .number()
          .gt(0)
          .lt(1)
          .describe(
            'A row is declined if its probability is at or above this. Fairness gates are measured at it; each version records it.',
          ),
      })
      .describe('The decision that the probability leads to.'),
    deploy: deploySchema.describe('How an approved version is deployed.'),
    card: cardTextSchema
      .default(() => cardTextSchema.parse({}))
      .describe(
        'Texts of the model card that only people can write; a version with an empty one cannot be approved.',
      ),
  })
  .describe('What to train, on which features, and how to deploy it.');

export type ModelConfig = z.infer<typeof modelSchema>;
export type SplitConfig = z.infer<typeof splitSchema>;
export type RiskTier = ModelConfig['risk_tier'];
