import type { ConfigFile } from '#configs/problem.ts';

/** A small folder that is valid, for tests to break at one place. */
export const SOURCES = `kind: Source
name: accounts
owner: core
location: raw/accounts/
keys: [account_id]
known_time: loaded_at
columns: { account_id: bigint, region: string, sex: string, loaded_at: date }
sensitive: [sex]
---
kind: Source
name: payments
owner: core
location: raw/payments/
keys: [account_id, day]
event_time: day
known_time: loaded_at
columns: { account_id: bigint, day: date, amount: double, missed: int, loaded_at: timestamp }
`;

export const FEATURES = `kind: FeatureSet
name: behaviour
owner: risk
entity: account_id
sources: [accounts, payments]
partition: { grain: month, start: 2024-01-01, end: 2024-06-01, max_staleness: 35d }
sql: behaviour.sql
params: { window: 3 }
features:
  paid: { type: double, description: Paid of late, monotonic: decreasing }
  area: { type: string, description: Region }
checks:
  - expect_column_values_to_not_be_null: { column: account_id }
  - expect_column_values_to_be_between: { column: paid, min_value: 0 }
`;

export const MODEL = `kind: Model
name: miss_risk
owner: risk
risk_tier: high
feature_set: behaviour
label: { source: payments, column: missed, horizon: 1 month, window: 3 }
fairness: { source: accounts, attributes: [sex, region] }
estimator: lightgbm.LGBMClassifier
params: { n_estimators: 10 }
split: { kind: out_of_time, test_dates: 1 }
gates: { auc: { min: 0.7 }, demographic_parity_ratio: { attribute: sex, min: 0.8 } }
resources: { cpu: 1, memory: 1Gi }
deploy: { scheduler: temporal, schedule: '0 5 * * *', timezone: Europe/London }
decision: { cut_off: 0.5 }
`;

export const SQL = 'SELECT account_id, SUM(amount) AS paid FROM {{ sources.payments }} GROUP BY account_id';

export function folder(
  texts: { sources?: string; features?: string; model?: string; more?: readonly ConfigFile[] } = {},
): ConfigFile[] {
  return [
    { path: 'sources.yaml', text: texts.sources ?? SOURCES },
    { path: 'features.yaml', text: texts.features ?? FEATURES },
    { path: 'model.yaml', text: texts.model ?? MODEL },
    { path: 'behaviour.sql', text: SQL },
    ...(texts.more ?? []),
  ];
}
