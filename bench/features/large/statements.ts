import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { featureSetSchema } from '#configs/feature-set.ts';
import { sourceSchema } from '#configs/source.ts';
import type { FeatureConfigs } from '#catalog/feature-configs.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';

export const CUSTOMERS = 1_000_000;
export const MONTHS = 10;
/** After the last statement. */
export const DATE = '2024-11-01';
export const SET = 'statement_behaviour';

const source = sourceSchema.parse({
  kind: 'Source',
  name: 'statements',
  owner: 'bench',
  location: 'raw/statements/',
  keys: ['account', 'issued_on'],
  event_time: 'issued_on',
  known_time: 'loaded_at',
  columns: { account: 'bigint', issued_on: 'date', amount: 'double', missed: 'int', loaded_at: 'date' },
});

const TYPES = {
  last_amount: 'double',
  recent_amount: 'double',
  recent_missed: 'bigint',
  mean_amount: 'double',
  largest_rise: 'double',
  statements: 'bigint',
};

const QUERY = `WITH told AS (
  SELECT account, amount, missed,
    ROW_NUMBER() OVER (PARTITION BY account ORDER BY issued_on DESC) AS n,
    amount - LAG(amount) OVER (PARTITION BY account ORDER BY issued_on) AS rise,
    AVG(amount) OVER (PARTITION BY account ORDER BY issued_on ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS recent
  FROM {{ sources.statements }}
)
SELECT account, MAX(CASE WHEN n = 1 THEN amount END) AS last_amount, MAX(CASE WHEN n = 1 THEN recent END) AS recent_amount,
  SUM(CASE WHEN n <= 3 THEN missed END) AS recent_missed, AVG(amount) AS mean_amount, MAX(rise) AS largest_rise,
  COUNT(*) AS statements
FROM told GROUP BY account`;

/** A set with windows over the statements of each account. */
export function statementConfigs(): FeatureConfigs {
  const yaml = featureSetSchema.parse({
    kind: 'FeatureSet',
    name: SET,
    owner: 'bench',
    entity: 'account',
    sources: [source.name],
    partition: { grain: 'month', start: DATE, max_staleness: '35d' },
    sql: 'statements.sql',
    features: Object.fromEntries(
      Object.entries(TYPES).map(([name, type]) => [name, { type, description: name }]),
    ),
  });
  const set = { ...yaml, sql_text: QUERY, macro_texts: [] };
  return { sources: new Map([[source.name, source]]), featureSets: new Map([[SET, set]]) };
}

/** One file for each month, in `folder` and in the store: a row for each customer, in random order. Always the same rows. */
export async function writeStatements(objects: ObjectStore, folder: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  for (let month = 1; month <= MONTHS; month += 1) {
    const name = `${String(month).padStart(2, '0')}.parquet`;
    const path = join(folder, name);
    await connection.run(`COPY (SELECT account, issued_on, (hash(account, ${month}) % 1000000) / 100 AS amount,
        CAST(hash(${month}, account) % 7 = 0 AS INTEGER) AS missed, issued_on + 1 AS loaded_at
      FROM (SELECT i AS account, make_date(2024, ${month}, 1 + CAST(hash(i) % 27 AS INTEGER)) AS issued_on
        FROM range(${CUSTOMERS}) AS r(i)) ORDER BY hash(account)) TO '${path}' (FORMAT parquet)`);
    await objects.putFile(`${source.location}${name}`, path);
  }
  connection.closeSync();
  instance.closeSync();
}

/** Of a built table, to compare what the builds give: rows, and the sum of each feature. */
export async function summed(path: string): Promise<Readonly<Record<string, number>>> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  const sums = Object.keys(TYPES).map((name) => `SUM(${name})::DOUBLE AS ${name}`);
  const read = await connection.runAndReadAll(
    `SELECT COUNT(*)::DOUBLE AS "rows", ${sums.join(', ')} FROM read_parquet('${path}')`,
  );
  const [row = {}] = read.getRowObjectsJson();
  connection.closeSync();
  instance.closeSync();
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value)]));
}
