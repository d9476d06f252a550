import { featureSetSchema, type FeatureSetConfig } from '#configs/feature-set.ts';
import { modelSchema, type ModelConfig } from '#configs/model.ts';
import { sourceSchema, type SourceConfig } from '#configs/source.ts';

/** Small configs for tests of features: accounts, their payments (event and known time), and who defaulted. */
export const accounts: SourceConfig = sourceSchema.parse({
  kind: 'Source',
  name: 'accounts',
  owner: 'core',
  location: 'raw/accounts/',
  keys: ['account'],
  known_time: 'loaded_at',
  columns: { account: 'bigint', credit: 'double', sex: 'string', loaded_at: 'date' },
  sensitive: ['sex'],
});

export const payments: SourceConfig = sourceSchema.parse({
  kind: 'Source',
  name: 'payments',
  owner: 'core',
  location: 'raw/payments/',
  keys: ['account', 'paid_on'],
  event_time: 'paid_on',
  known_time: 'loaded_at',
  columns: { account: 'bigint', paid_on: 'date', amount: 'double', loaded_at: 'date' },
});

export const defaults: SourceConfig = sourceSchema.parse({
  kind: 'Source',
  name: 'defaults',
  owner: 'core',
  location: 'raw/defaults/',
  keys: ['account', 'happened_on'],
  event_time: 'happened_on',
  known_time: 'loaded_at',
  columns: { account: 'bigint', happened_on: 'date', defaulted: 'int', loaded_at: 'date' },
});

export const PAID_SQL = `SELECT a.account, a.credit, COALESCE(SUM(p.amount), 0) AS paid, COUNT(p.amount) AS payments
FROM {{ sources.accounts }} AS a
LEFT JOIN {{ sources.payments }} AS p ON p.account = a.account
GROUP BY a.account, a.credit`;

export interface FeatureSetParts {
  readonly name?: string;
  readonly sql?: string;
  readonly macros?: string;
  readonly sources?: readonly string[];
  readonly feature_sets?: readonly string[];
  readonly params?: Readonly<Record<string, string | number | boolean>>;
  /** Types by name. */
  readonly features?: Readonly<Record<string, string>>;
  readonly checks?: readonly unknown[];
  readonly partition?: object;
}

export function featureSet(parts: FeatureSetParts = {}): FeatureSetConfig {
  const { sql = PAID_SQL, macros, features = { credit: 'double', paid: 'double', payments: 'int' } } = parts;
  const described = Object.entries(features).map(([name, type]) => [name, { type, description: name }]);
  const yaml = featureSetSchema.parse({
    kind: 'FeatureSet',
    name: parts.name ?? 'behaviour',
    owner: 'risk',
    entity: 'account',
    sources: parts.sources ?? ['accounts', 'payments'],
    feature_sets: parts.feature_sets ?? [],
    partition: parts.partition ?? { grain: 'month', start: '2024-01-01', max_staleness: '35d' },
    sql: 'behaviour.sql',
    macros: macros === undefined ? [] : ['macros.sql'],
    params: parts.params ?? {},
    features: Object.fromEntries(described),
    checks: parts.checks ?? [],
  });
  return { ...yaml, sql_text: sql, macro_texts: macros === undefined ? [] : [macros] };
}

export function configsOf(...sets: readonly FeatureSetConfig[]) {
  return {
    sources: new Map([accounts, payments, defaults].map((source) => [source.name, source])),
    featureSets: new Map(sets.map((set) => [set.name, set])),
  };
}

export function defaultModel(label: object = {}, more: object = {}): ModelConfig {
  return modelSchema.parse({
    kind: 'Model',
    name: 'default_risk',
    owner: 'risk',
    risk_tier: 'low',
    feature_set: 'behaviour',
    label: { source: 'defaults', column: 'defaulted', horizon: '1 month', ...label },
    fairness: { source: 'accounts', attributes: ['sex'] },
    estimator: 'sklearn.linear_model.LogisticRegression',
    split: { kind: 'by_entity', test_share: 0.3 },
    resources: { cpu: 1, memory: '512Mi', priority: 3 },
    deploy: { scheduler: 'temporal', schedule: '0 5 * * *', timezone: 'Europe/London' },
    decision: { cut_off: 0.5 },
    ...more,
  });
}
