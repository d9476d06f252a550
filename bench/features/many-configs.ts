import type { ConfigFile } from '#configs/problem.ts';

/** Two sources, and `pairs` feature sets with a model each: `2 + 2 * pairs` documents. */
export function manyConfigs(pairs: number): readonly ConfigFile[] {
  const numbers = Array.from({ length: pairs }, (_, index) => index);
  return [
    { path: 'sources.yaml', text: SOURCES },
    ...numbers.flatMap((n) => [
      { path: `set_${n}.yaml`, text: setOf(n) },
      { path: `set_${n}.sql`, text: queryOf(n) },
      { path: `model_${n}.yaml`, text: modelOf(n) },
    ]),
  ];
}

/** A query that computes `features` columns in a common table and selects them from it. */
export function wideQuery(features: number): string {
  const names = Array.from({ length: features }, (_, index) => `f${index}`);
  const columns = names.map(
    (name, n) => `SUM(CASE WHEN p.amount > ${n} THEN p.amount ELSE 0.0D END) / COUNT(*) AS ${name}`,
  );
  return `WITH q AS (SELECT p.account, ${columns.join(', ')} FROM source__payments AS p GROUP BY p.account)
SELECT account, ${names.join(', ')} FROM q`;
}

const SOURCES = `kind: Source
name: accounts
owner: bench
location: raw/accounts/
keys: [account]
known_time: loaded_at
columns: { account: bigint, credit: double, opened: date, loaded_at: date }
---
kind: Source
name: payments
owner: bench
location: raw/payments/
keys: [account, paid_on]
event_time: paid_on
known_time: loaded_at
columns: { account: bigint, paid_on: date, amount: double, missed: int, loaded_at: date }
`;

const setOf = (n: number): string => `kind: FeatureSet
name: set_${n}
owner: bench
entity: account
sources: [accounts, payments]
partition: { grain: month, start: 2024-01-01, end: 2024-06-01, max_staleness: 35d }
sql: set_${n}.sql
features:
  credit: { type: double, description: Credit line }
  paid: { type: double, description: Paid of late }
  largest: { type: double, description: Largest payment }
  days: { type: int, description: Days since the account was opened }
`;

const queryOf = (n: number): string => `WITH recent AS (
  SELECT account, amount, ROW_NUMBER() OVER (PARTITION BY account ORDER BY paid_on DESC) AS n
  FROM {{ sources.payments }} WHERE paid_on >= add_months({{ ds }}, -${(n % 12) + 1})
)
SELECT a.account, MAX(a.credit) AS credit, SUM(CASE WHEN r.n <= 3 THEN r.amount END) AS paid,
  MAX(r.amount) AS largest, MAX(datediff({{ ds }}, a.opened)) AS days
FROM {{ sources.accounts }} AS a LEFT JOIN recent AS r ON r.account = a.account
GROUP BY a.account
`;

const modelOf = (n: number): string => `kind: Model
name: model_${n}
owner: bench
risk_tier: low
feature_set: set_${n}
label: { source: payments, column: missed, horizon: 1 month }
estimator: lightgbm.LGBMClassifier
split: { kind: by_entity, test_share: 0.3 }
resources: { cpu: 1, memory: 512Mi }
decision: { cut_off: 0.4 }
deploy: { scheduler: temporal, schedule: '0 5 * * *', timezone: Europe/London }
`;
