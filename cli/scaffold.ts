import type { ConfigFile } from '#configs/load.ts';

/** First configs for people to edit. Each is valid unchanged, together with the configs that it names. */

export function sourceScaffold(name: string): ConfigFile[] {
  return [
    {
      path: `${name}.yaml`,
      text: `kind: Source
name: ${name}
owner: my-team
description: What one row of ${name} is.
location: raw/${name}/                # Parquet files below this prefix of the lake bucket
keys: [entity_id, event_date]         # columns that identify one row
event_time: event_date                # when the event happened
known_time: loaded_at                 # when the row became known; rows that became known later are not read
columns:                              # must match the types in the files exactly
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
description: What is known about an entity on a day.
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
# If the outcome is not 0 or 1, name the value that means 1, such as positive: bad.
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
card:                                 # a version with an empty text cannot be approved, so fill these in before training
  purpose: ''                         # purpose of the model
  rationale: ''                       # why this risk tier applies
  exposure: ''                        # what depends on the model: amounts, customers, decisions per day
  validator: ''                       # who validated the model, independently of its authors
  product: ''                         # product that the decision is about
  market: ''                          # country and channel
  population: ''                      # who may be scored
  decision: ''                        # decision that the score supports
  intended_users: ''                  # who uses the score
  prohibited_uses: ''                 # uses that are not allowed
  human_oversight: ''                 # who reviews decisions, and how they can be overridden
  exclusions: ''                      # rows excluded from training, and why
  reject_inference: ''                # how applicants without an outcome were treated
  assumptions: ''                     # what must hold for the score to be valid
  limitations: ''                     # known failure modes
  trade_offs: ''                      # trade-offs that were made, and why
  alternatives_searched: ''           # less discriminatory alternatives that were tried
  mitigation: ''                      # measures taken against differences between groups
  monitoring_plan: ''                 # what is monitored, how often, and what triggers action
  review_date: ''                     # latest date of the next review
`,
    },
  ];
}
