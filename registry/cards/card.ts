import { z } from 'zod';
import { STAGES } from '../versions/stage.ts';
import { field } from './card-value.ts';

const text = z.string().min(1);
const json = z.json();
const instant = z.iso.datetime();
const digest = z.string().regex(/^[0-9a-f]{32,64}$/, 'a digest in lower-case hex');

/** A figure with its bootstrap interval. */
const figure = z.strictObject({ value: z.number(), low: z.number(), high: z.number() });
const figures = z
  .looseObject({
    rows: z.int(),
    positives: z.int(),
    auc: figure,
    gini: figure,
    ks: figure,
    brier: figure,
    log_loss: figure,
  })
  .describe('Rows, positives, and figures with 95 % bootstrap intervals.');

const calibrationBin = z.looseObject({
  low: z.number(),
  high: z.number(),
  rows: z.int(),
  mean_probability: z.number(),
  observed_rate: z.number(),
});

const gate = z.strictObject({
  gate: text,
  value: z.number().nullable(),
  min: z.number().optional(),
  max: z.number().optional(),
  passed: z.boolean(),
});

const checkSchema = z.strictObject({
  dt: z.iso.date(),
  expectation: text,
  column: text,
  severity: z.enum(['error', 'warn']),
  success: z.boolean(),
  observed: field(z.number(), 'Observed figure, such as the share of unexpected rows.'),
});

const featureSchema = z.strictObject({
  name: text,
  type: text,
  description: field(text, 'What the feature means, in plain words.'),
  source_columns: field(z.array(text), 'Raw columns it is computed from, by lineage.'),
  transform_digest: field(digest, 'Digest of the expression that computes it.'),
  owner: text,
  proxy_risk: z.boolean(),
  monotonic: z.enum(['increasing', 'decreasing', 'none']),
});

const fairnessSchema = z.strictObject({
  attribute: text,
  known_from: field(text, "How a person's group is known."),
  groups: field(
    z.array(z.looseObject({ group: text, n: z.int() })),
    'Per group: N, selection rate, approval rate of good applicants, calibration.',
  ),
  demographic_parity_ratio: field(z.number(), 'Lowest selection rate divided by the highest.'),
  equal_opportunity_difference: field(z.number(), 'Spread of the approval rates of good applicants.'),
  gates: field(z.array(gate), 'Thresholds set for the attribute, and whether they were met.'),
});

const identity = {
  model: text,
  feature_set: text,
  training_id: text,
  owner: field(text, 'Team responsible for the model.'),
  developer: field(text, 'Who applied the config that was trained.'),
  validator: field(text, 'Who validated it, independent of the developer.'),
  risk_tier: z.enum(['low', 'medium', 'high']),
  exposure: field(text, 'What depends on the model: amounts, customers, decisions.'),
  purpose: field(text, 'What the model is for.'),
  rationale: field(text, 'Why the risk tier is what it is.'),
};

const control = {
  monitoring_plan: field(text, 'What is watched, how often, by whom.'),
  triggers: field(text, 'Figures that require action.'),
  review_date: field(text, 'Latest date of the next review.'),
  retention: field(text, 'What is kept, and for how long.'),
};

const body = {
  purpose: z.strictObject({
    product: field(text, 'Product that the decision belongs to.'),
    market: field(text, 'Country and channel.'),
    population: field(text, 'Who may be scored with it.'),
    decision: field(text, 'Decision that the score supports.'),
    intended_users: field(text, 'Who works with the score.'),
    prohibited_uses: field(text, 'What it must not be used for.'),
    human_oversight: field(text, 'Who reviews decisions, and how they are overridden.'),
  }),
  build: z.strictObject({
    config_digest: field(digest, 'Of the model config.'),
    training_digest: field(digest, 'Of everything that decides the bytes of the model.'),
    code_commit: field(text, 'Of the platform.'),
    image_digest: field(text, 'Of the container image that trained it.'),
    trainer_digest: field(text, 'Of the code that trained it.'),
    lockfile_digest: field(text, 'Of the Python packages that trained it.'),
    seed: field(z.int(), 'Of the training.'),
    origin: z
      .strictObject({ upload: text, uploaded_by: text, notes: z.string() })
      .optional()
      .describe('Only of a model that was trained outside the platform: who uploaded it.'),
    algorithm: field(text, 'Class, or the steps of a pipeline.'),
    hyperparameters: field(z.record(z.string(), json), 'Parameters of the algorithm.'),
    monotonic: field(
      z.record(z.string(), json),
      'Requested directions, and whether the algorithm enforced them.',
    ),
    packages: field(z.record(z.string(), json), 'Versions of the packages used.'),
    artifacts: z.array(z.strictObject({ name: text, key: text, size: z.int(), sha256: digest })).min(1),
    engine: text,
    parity: field(
      z.record(z.string(), json),
      'Proof that the scoring engine gives the trained probabilities.',
    ),
    workflow_id: text,
    run_id: text,
    job_key: text,
  }),
  data: z.strictObject({
    partitions: field(
      z.array(
        z.looseObject({ feature_set: text, definition_digest: digest, dt: text, revision: z.int(), digest }),
      ),
      'Feature partitions used for training and evaluation, with the digests of their manifests.',
    ),
    rows: z.strictObject({
      train: field(z.int(), 'Rows it was trained on.'),
      test: z.int(),
      unlabelled: field(z.int(), 'Rows of the partitions that were left out, because they have no label.'),
    }),
    waiting_dates: field(
      z.int(),
      'Newer partition dates that were left out, because their label windows were not known in full.',
    ),
    split: z.record(z.string(), json),
    label: z.strictObject({
      source: text,
      column: text,
      positive: json
        .optional()
        .describe('Value or values of the column that mean 1; every other one means 0.'),
      horizon: text,
      window: z.int(),
      absent: z.literal(0).optional().describe('Label of a row without a fact in its window.'),
    }),
    label_and_fairness: z
      .strictObject({
        label_source: digest,
        label_data: digest,
        fairness_source: digest,
        fairness_data: digest.optional().describe('Left out if the model compares no groups.'),
      })
      .optional()
      .describe(
        'Digests of the definitions of the label and fairness sources, and of the files of them that were read.',
      ),
    as_of: z.iso.date().describe('Training used only what was known on this date.'),
    known_time: field(z.record(z.string(), json), 'Per source, the column that says when a fact was known.'),
    exclusions: field(text, 'Rows left out of training, and why.'),
    reject_inference: field(text, 'How applicants without an outcome were treated.'),
    quality: field(z.array(checkSchema), 'Results of the checks on every partition.'),
    sensitive: field(
      z.array(z.strictObject({ column: text, use: text, reason: text })),
      'Sensitive columns of the sources, and what they are used for.',
    ),
  }),
  features: z.array(featureSchema).min(1),
  performance: z.strictObject({
    train: field(figures, 'On the training rows.'),
    test: field(figures, 'On held-out rows.'),
    out_of_time: field(figures, 'On rows from a later period.'),
    calibration: field(z.array(calibrationBin), 'Predicted and observed rates, by bins of the score.'),
    population_stability: field(json, 'Population stability index of the score, test against train.'),
    slices: field(
      z.array(z.looseObject({ by: text, value: z.string(), rows: z.int() })),
      'Figures for segments of the population.',
    ),
    gates: z.array(gate),
    champion_challenger: field(
      z.record(z.string(), json),
      'Comparison with the version that was live at registration.',
    ),
    ensemble: field(z.array(z.record(z.string(), json)), 'Members and weights.'),
  }),
  fairness: z.strictObject({
    cut_off: z.number(),
    attributes: field(z.array(fairnessSchema), 'Per protected attribute.'),
    alternatives_searched: field(text, 'Less discriminatory alternatives that were tried.'),
    mitigation: field(text, 'Measures taken against differences between groups.'),
  }),
  explainability: z.strictObject({
    method: field(text, 'How the reasons for a declined row are determined.'),
    baseline: field(json, 'What a feature is compared with.'),
    reasons: field(z.record(z.string(), text), 'Text of the reason per feature.'),
    reasons_version: field(digest, 'Digest of the reason texts.'),
    number_of_reasons: field(z.int(), 'Maximum number of reasons per row.'),
    fidelity: field(json, 'Result of the test that the reasons actually move the score.'),
  }),
  limits: z.strictObject({
    assumptions: field(text, 'What must hold for the score to be valid.'),
    known_failure_modes: field(text, 'Where the model is known to fail.'),
    cut_off_policy: field(text, 'What happens at and above the cut-off.'),
    trade_offs: field(text, 'Trade-offs made, and why.'),
  }),
};

/** A card as written once at registration. Later facts about the version are added when the card is read. */
export const cardSchema = z.strictObject({
  card_version: z.literal(1),
  identity: z.strictObject(identity),
  ...body,
  control: z.strictObject(control),
});

export type Card = z.infer<typeof cardSchema>;
export type CardFeature = Card['features'][number];

/** A card as returned by the API, with the version's number, stage, approvals and findings. */
export const shownCardSchema = z
  .strictObject({
    card_version: z.literal(1),
    identity: z.strictObject({
      ...identity,
      version: z.int().min(1),
      previous_version: field(z.int(), 'The previous version.'),
      what_changed: field(
        z.array(z.strictObject({ field: text, from: json, to: json })),
        'Differences from the previous version.',
      ),
      authors: z.array(text).describe('Who changed what the version is made from, and who requested it.'),
      authors_since: field(z.int(), 'The version up to which others have reviewed the changes.'),
      status: z.enum(STAGES),
      status_since: instant,
    }),
    ...body,
    control: z.strictObject({
      ...control,
      approval_rule: z
        .strictObject({
          tier: z.enum(['low', 'medium', 'high']),
          approvals: z.int(),
          role: text,
          valid_days: z.int(),
          author_may_approve: z.boolean(),
        })
        .describe('What an approval takes, by the rules that hold now.'),
      approvals: z.array(
        z.strictObject({
          verdict: z.enum(['approve', 'reject']),
          principal: text,
          by_author: z.boolean(),
          when: instant,
          reason: text,
          waivers: z.array(z.strictObject({ gate: text, reason: text })),
          evidence: digest,
          expires_at: instant.nullable(),
        }),
      ),
      card_revision: z.int().min(1).describe('1: the card that the version was registered with.'),
      card_revised_by: z.array(text).describe('Who changed texts of the card after registration.'),
      findings: z.array(text),
      rollback_target: field(z.int(), 'Version that a rollback would restore.'),
    }),
  })
  .describe('Model card of one version.');

export type ShownCard = z.infer<typeof shownCardSchema>;
