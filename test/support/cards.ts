import { type ConfigFile, loadConfigs } from '#configs/load.ts';
import type { PartitionManifest } from '#features/partitions/partition.ts';
import type { CardInput } from '#registry/cards/build-card.ts';
import type { TrainingRecord } from '#training/record.ts';

const SOURCES = `kind: Source
name: accounts
owner: core
location: raw/accounts/
keys: [account_id]
known_time: loaded_at
columns: { account_id: bigint, region: string, sex: string, loaded_at: date }
sensitive: [sex, region]
---
kind: Source
name: payments
owner: core
location: raw/payments/
keys: [account_id, day]
event_time: day
known_time: loaded_at
columns: { account_id: bigint, day: date, amount: double, missed: int, loaded_at: timestamp }
---
kind: FeatureSet
name: behaviour
owner: risk-data
entity: account_id
sources: [payments]
partition: { grain: month, start: 2024-01-01, max_staleness: 35d }
sql: behaviour.sql
features:
  paid: { type: double, description: Paid of late, monotonic: decreasing }
checks:
  - expect_column_values_to_not_be_null: { column: paid }
`;

const MODEL = `kind: Model
name: miss_risk
owner: risk-models
risk_tier: high
feature_set: behaviour
label: { source: payments, column: missed, horizon: 1 month }
fairness: { source: accounts, attributes: [sex] }
estimator: lightgbm.LGBMClassifier
params: { n_estimators: 10, max_depth: null }
split: { kind: by_entity, test_share: 0.3 }
gates: { auc: { min: 0.7 }, demographic_parity_ratio: { attribute: sex, min: 0.8 } }
resources: { cpu: 1, memory: 1Gi }
decision: { cut_off: 0.5 }
deploy: { scheduler: temporal, schedule: '0 5 * * *', timezone: Europe/London }
`;

const TEXTS = [
  'purpose',
  'rationale',
  'exposure',
  'validator',
  'product',
  'market',
  'population',
  'decision',
  'intended_users',
  'prohibited_uses',
  'human_oversight',
  'exclusions',
  'reject_inference',
  'assumptions',
  'limitations',
  'trade_offs',
  'alternatives_searched',
  'mitigation',
  'monitoring_plan',
  'review_date',
] as const;

const figure = { value: 0.75, low: 0.7, high: 0.8 };
const figures = {
  rows: 300,
  positives: 60,
  base_rate: 0.2,
  auc: figure,
  gini: figure,
  ks: figure,
  brier: figure,
  log_loss: figure,
};

/** As the trainer writes it. */
export const EVALUATION = {
  evaluation_version: 1,
  estimator: { monotonic: { requested: { paid: 'decreasing' }, applied: true } },
  performance: {
    train: figures,
    test: figures,
    out_of_time: { not_measurable: 'because there is one label month' },
    psi_train_test: 0.01,
    calibration: [{ low: 0, high: 1, rows: 300, mean_probability: 0.2, observed_rate: 0.21 }],
    slices: [
      { by: 'sex', value: 'f', ...figures },
      { by: 'sex', value: 'm', rows: 3, not_measurable: 'because the slice has 3 rows, fewer than 100' },
    ],
  },
  fairness: {
    sex: {
      groups: [
        { group: 'f', n: 150, selection_rate: 0.8 },
        { group: 'm', n: 150, selection_rate: 0.7 },
      ],
      demographic_parity_ratio: 0.875,
      equal_opportunity_difference: {
        not_measurable: 'because 1 of 2 groups are large enough; two are needed',
      },
    },
  },
  gates: [],
  explainability: {
    method: 'baseline_substitution',
    description: 'drop in probability',
    baseline: 'lower median',
    number_of_reasons: 4,
    fidelity: { rows: 100, passed: true },
  },
  onnx: { max_abs_diff: 1e-8, rows: 300 },
  versions: { python: '3.11.7' },
};

/** Configs of the pair that `cardInput` describes. */
export function cardFiles(model = MODEL): ConfigFile[] {
  return [
    { path: 'sources.yaml', text: SOURCES },
    { path: 'model.yaml', text: model },
    {
      path: 'behaviour.sql',
      text: 'SELECT account_id, SUM(amount) AS paid FROM {{ sources.payments }} GROUP BY 1',
    },
  ];
}

/** A model config with the texts given, all others filled. */
export function cardInput(
  texts: Readonly<Record<string, string>> = {},
  evaluation: unknown = EVALUATION,
): CardInput {
  const card = TEXTS.map((name) => `  ${name}: ${JSON.stringify(texts[name] ?? `About ${name}.`)}`).join(
    '\n',
  );
  const { documents, problems } = loadConfigs(cardFiles(`${MODEL}card:\n${card}\n`));
  const model = documents.models.get('miss_risk');
  const featureSet = documents.featureSets.get('behaviour');
  if (model === undefined || featureSet === undefined) throw new Error(JSON.stringify(problems));
  return {
    model,
    featureSet,
    platform: documents.platform,
    sources: [...documents.sources.values()],
    author: 'ada',
    training: TRAINING,
    evaluation,
    partitions: [MANIFEST],
  };
}

const REF = { feature_set: 'behaviour', definition_digest: 'd'.repeat(32), dt: '2026-01-01', revision: 1 };

const TRAINING: TrainingRecord = {
  model: 'miss_risk',
  feature_set: 'behaviour',
  training_id: '2026-01-01-t',
  training_digest: 'a'.repeat(32),
  as_of: '2026-02-01',
  requested_by: 'ada',
  definition_digest: 'd'.repeat(32),
  config_digest: 'c'.repeat(32),
  configs: 'd'.repeat(32),
  partitions: [REF],
  artifacts: [{ name: 'model.onnx', key: 'models/m/model.onnx', size: 10, sha256: 'e'.repeat(64) }],
  metrics: { auc: 0.75 },
  gates: [
    { gate: 'auc', value: 0.75, min: 0.7, passed: true },
    { gate: 'demographic_parity_ratio[sex]', value: 0.875, min: 0.8, passed: true },
  ],
  engine: 'onnx',
  cut_off: 0.5,
  rows: { train: 700, test: 300 },
  build: {
    trainer_digest: 'f'.repeat(64),
    lock_digest: 'unset',
    code_commit: 'unknown',
    seed: 0,
    workflow_id: 'train/miss_risk',
    run_id: 'run',
    job_key: 'job',
  },
};

const MANIFEST: PartitionManifest = {
  ...REF,
  parts: [],
  rows: 1_000,
  schema: [{ name: 'paid', type: 'double' }],
  inputs: [{ kind: 'source', name: 'payments', digest: 'b'.repeat(32), files: 1 }],
  checks: [
    {
      expectation: 'expect_column_values_to_not_be_null',
      column: 'paid',
      severity: 'warn',
      success: false,
      observed: 0.1,
      result: {},
      kwargs: {},
    },
  ],
  statistics: [{ name: 'paid', nulls: 100, min: 0, max: 70 }],
  lineage: [{ feature: 'paid', sources: ['payments.amount'], expression: 'SUM(amount)' }],
  engine: 'duckdb',
  built_by: { workflow_id: 'materialise', run_id: 'run' },
  built_at: '2026-01-02T00:00:00.000Z',
};
