import { modelSchema, type ModelConfig } from '#configs/model.ts';
import { featureSetSchema, type FeatureSetConfig } from '#configs/feature-set.ts';
import { sourceSchema, type SourceConfig } from '#configs/source.ts';
import { sqlText } from '#scoring/sql-text.ts';

/** What customers hold: one row per account and product; labels are by both, attributes by account alone. */
export const holdings: SourceConfig = sourceSchema.parse({
  kind: 'Source',
  name: 'holdings',
  owner: 'core',
  location: 'raw/holdings/',
  keys: ['account', 'product'],
  known_time: 'loaded_at',
  columns: { account: 'string', product: 'string', balance: 'double', loaded_at: 'date' },
});

export const customers: SourceConfig = sourceSchema.parse({
  kind: 'Source',
  name: 'customers',
  owner: 'core',
  location: 'raw/customers/',
  keys: ['account'],
  known_time: 'loaded_at',
  columns: { account: 'string', sex: 'string', age: 'int', loaded_at: 'date' },
  sensitive: ['sex'],
});

export const closures: SourceConfig = sourceSchema.parse({
  kind: 'Source',
  name: 'closures',
  owner: 'core',
  location: 'raw/closures/',
  keys: ['account', 'product', 'closed_on'],
  event_time: 'closed_on',
  known_time: 'loaded_at',
  columns: { account: 'string', product: 'string', closed_on: 'date', closed: 'int', loaded_at: 'date' },
});

const PARTITION = { grain: 'month', start: '2024-01-01', max_staleness: '35d' };

function set(parts: object, sql_text: string): FeatureSetConfig {
  const common = { kind: 'FeatureSet', owner: 'core', partition: PARTITION, sql: 'query.sql' };
  return { ...featureSetSchema.parse({ ...common, ...parts }), sql_text, macro_texts: [] };
}

/** By account alone. */
export const people: FeatureSetConfig = set(
  {
    name: 'people',
    entity: 'account',
    sources: ['customers'],
    features: { age: { type: 'int', description: 'Age' } },
  },
  'SELECT account, age FROM {{ sources.customers }}',
);

/** By account and product; joins the set by account. */
export const positions: FeatureSetConfig = positionsWith(
  `SELECT h.account, h.product, h.balance, p.age FROM {{ sources.holdings }} AS h
LEFT JOIN {{ features.people }} AS p ON p.account = h.account`,
);

export function positionsWith(sql: string): FeatureSetConfig {
  return set(
    {
      name: 'positions',
      entity: ['account', 'product'],
      sources: ['holdings'],
      feature_sets: ['people'],
      features: {
        balance: { type: 'double', description: 'Balance' },
        age: { type: 'int', description: 'Age' },
      },
    },
    sql,
  );
}

export const closureModel: ModelConfig = modelSchema.parse({
  kind: 'Model',
  name: 'closure_risk',
  owner: 'core',
  risk_tier: 'low',
  feature_set: 'positions',
  label: { source: 'closures', column: 'closed', horizon: '1 month', window: 2, absent: 0 },
  fairness: { source: 'customers', attributes: ['sex'] },
  estimator: {
    pipeline: [
      { class: 'sklearn.impute.SimpleImputer' },
      { class: 'sklearn.linear_model.LogisticRegression', params: { max_iter: 500 } },
    ],
  },
  split: { kind: 'by_entity', test_share: 0.4 },
  resources: { cpu: 1, memory: '1Gi', priority: 3 },
  deploy: { scheduler: 'temporal', schedule: '0 5 * * *', timezone: 'UTC', go_live: { after: '1s' } },
  decision: { cut_off: 0.5 },
});

export function holdingConfigs(positionsSet: FeatureSetConfig = positions) {
  return {
    sources: new Map([holdings, customers, closures].map((source) => [source.name, source])),
    featureSets: new Map([people, positionsSet].map((one) => [one.name, one])),
  };
}

/** Values that a separator, a quote or a wrong encoding would make equal, or tear apart. */
export const HOSTILE: readonly (readonly [account: string, product: string])[] = [
  ['a', 'b,c'],
  ['a,b', 'c'],
  ['a","b', 'c'],
  ['a', 'b","c'],
  ['["a"', '"b"]'],
  ["it's", '"quoted"'],
  ['back\\slash', 'a\tb'],
  ['größe', '日本 🐢'],
  ['große', '日本'],
  ['', 'x'],
  ['x', ''],
];

/** A SELECT of DuckDB with these rows; values other than numbers are texts, or `DATE '…'` and `NULL` as they stand. */
export function rowsSql(
  columns: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): string {
  const values = rows.map((row) => `(${row.map(valueSql).join(', ')})`);
  return `SELECT * FROM (VALUES ${values.join(', ')}) AS t(${columns.join(', ')})`;
}

function valueSql(value: string | number | null): string {
  if (value === null) return 'NULL';
  if (typeof value === 'number') return String(value);
  return /^\d{4}-\d\d-\d\d$/.test(value) ? `DATE '${value}'` : sqlText(value);
}
