import type { ConfigFile } from '#configs/load.ts';

/** First configs to be edited. Each is valid as it is, together with the ones it names. */

export function sourceScaffold(name: string): ConfigFile[] {
  return [
    {
      path: `${name}.yaml`,
      text: `kind: Source
name: ${name}
owner: my-team
description: What one row of ${name} is.
location: raw/${name}/                # Parquet files below this prefix of the lake bucket
keys: [entity_id, event_date]         # columns that name one row
event_time: event_date                # when it happened
known_time: loaded_at                 # when the platform could know it; nothing later is ever read
columns:                              # exactly the types that the files have
  entity_id: string
  event_date: date
  amount: double
  outcome: bigint
  loaded_at: date
sensitive: []                         # columns that may never become a feature
`,
    },
  ];
}

export function featureSetScaffold(name: string, source: string): ConfigFile[] {
  return [
    {
      path: `${name}.yaml`,
      text: `kind: FeatureSet
name: ${name}
owner: my-team
description: What is known of an entity on a day.
entity: entity_id
sources: [${source}]
partition: { grain: day, start: 2026-01-01, max_staleness: 3d }
sql: ${name}.sql
params: { window_days: 30 }
features:
  amount_sum: { type: double, description: Sum of amounts in the window }
  events: { type: int, description: Number of events in the window }
checks:
  - expect_column_values_to_not_be_null: { column: entity_id }
  - expect_column_values_to_be_unique: { column: entity_id }
`,
    },
    {
      path: `${name}.sql`,
      text: `-- One row per entity, from what is known on the partition date {{ ds }}.
SELECT
  entity_id,
  SUM(amount) AS amount_sum,
  CAST(COUNT(*) AS INT) AS events
FROM {{ sources.${source} }}
WHERE DATEDIFF({{ ds }}, event_date) <= {{ params.window_days }}
GROUP BY entity_id
`,
    },
  ];
}

export function modelScaffold(name: string, set: string, source: string): ConfigFile[] {
  return [
    {
      path: `${name}.yaml`,
      text: `kind: Model
name: ${name}
owner: my-team
description: Probability that the outcome happens.
risk_tier: low                        # low, medium or high
feature_set: ${set}
label: { source: ${source}, column: outcome, horizon: 30 days, window: 14 }
estimator: lightgbm.LGBMClassifier    # any class with the scikit-learn interface
params: { n_estimators: 200 }
seed: 7
split: { kind: by_entity, test_share: 0.3 }
gates:
  auc: { min: 0.65 }
resources: { cpu: 1, memory: 1Gi }
decision: { cut_off: 0.5 }            # rows at or above this probability are declined
deploy:
  scheduler: temporal                 # or airflow
  schedule: '0 5 * * *'
  timezone: Europe/London
  go_live: next_day                   # or { after: 2s }
card:                                 # a version with an empty text is not approved: fill them in before you train
  purpose: ''                         # what the model is for
  rationale: ''                       # why its risk tier is what it is
  exposure: ''                        # what depends on it: amounts, customers, decisions a day
  validator: ''                       # who validated it, independent of the authors
  product: ''                         # product that the decision belongs to
  market: ''                          # country and channel
  population: ''                      # whom it may score
  decision: ''                        # decision that the score supports
  intended_users: ''                  # who works with the score
  prohibited_uses: ''                 # what it must not be used for
  human_oversight: ''                 # who looks at decisions, and how they are overridden
  exclusions: ''                      # rows left out of training, and why
  reject_inference: ''                # how applicants without an outcome were treated
  assumptions: ''                     # what has to hold for the score to mean something
  limitations: ''                     # where it is known to fail
  trade_offs: ''                      # what was given up for what
  alternatives_searched: ''           # less discriminatory alternatives that were tried
  mitigation: ''                      # what was done about differences between groups
  monitoring_plan: ''                 # what is watched, how often, and what triggers action
  review_date: ''                     # when it is looked at again, at the latest
`,
    },
  ];
}
