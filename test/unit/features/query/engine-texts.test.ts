import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { explainSet } from '#features/query/explain-set.ts';
import { configsOf, featureSet } from '#test/support/feature-configs.ts';
import { writeParquet } from '#test/support/parquet.ts';

const lake = mkdtempSync(join(tmpdir(), 'millrace-texts-'));
after(() => rmSync(lake, { recursive: true }));

const REQUEST = { set: 'behaviour', bucket: 'lake', now: new Date('2024-03-10T00:00:00Z') };

async function put(key: string, columns: string, ...rows: readonly string[]): Promise<void> {
  const path = join(lake, key);
  mkdirSync(dirname(path), { recursive: true });
  await writeParquet(path, `SELECT * FROM (VALUES ${rows.join(', ')}) AS t(${columns})`);
}

test('the statements for DuckDB give the rows of the date when they are run as they are shown', async () => {
  await put(
    'raw/accounts/a.parquet',
    'account, credit, sex, loaded_at',
    "(1::BIGINT, 100::DOUBLE, 'f', DATE '2023-12-01')",
  );
  await put(
    'raw/payments/a.parquet',
    'account, paid_on, amount, loaded_at',
    "(1::BIGINT, DATE '2024-01-10', 7::DOUBLE, DATE '2024-01-11')",
    "(1, DATE '2024-01-10', 9, DATE '2024-02-01')",
  );
  const { engines, dt } = await explainSet(configsOf(featureSet()), { ...REQUEST, dt: '2024-02-01' });
  assert.equal(dt, '2024-02-01');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const here = (sql: string): string => sql.replaceAll('s3://lake/', `${lake}/`);
  for (const { sql } of engines.duckdb.relations) await connection.run(here(sql));
  const rows = (await connection.runAndReadAll(here(engines.duckdb.query))).getRowsJson();
  assert.deepEqual(rows, [['1', 100, 7, 1]], 'the correction of 1 February is not seen on it');
  connection.closeSync();
  instance.closeSync();
});

test('shows views without sensitive columns, the partitions of other sets, and the last date that has begun', async () => {
  const below = featureSet({ partition: { grain: 'month', start: '2024-01-01', max_staleness: '35d' } });
  const above = featureSet({
    name: 'above',
    sources: [],
    feature_sets: ['behaviour'],
    sql: 'SELECT account, paid FROM {{ features.behaviour }}',
    features: { paid: 'double' },
    partition: { grain: 'day', start: '2024-01-01', max_staleness: '3d' },
  });
  const configs = configsOf(below, above);
  const { dt, engines, columns, lineage } = await explainSet(configs, { ...REQUEST, set: 'above' });
  assert.equal(dt, '2024-03-10');
  assert.deepEqual(columns, [
    { name: 'account', type: 'bigint' },
    { name: 'paid', type: 'double' },
  ]);
  assert.deepEqual(lineage, [{ feature: 'paid', sources: ['payments.amount'], expression: 'paid' }]);
  for (const { relations } of [engines.duckdb, engines.spark])
    assert.match(
      relations[0]?.sql ?? '',
      /s3:\/\/lake\/features\/behaviour\/[0-9a-f]{32}\/dt=2024-03-01\/r<newest>\//,
    );
  const { engines: of } = await explainSet(configs, { ...REQUEST, dt: '2024-02-01' });
  const accounts = of.spark.relations.find((relation) => relation.of === 'accounts');
  assert.match(accounts?.sql ?? '', /\) SELECT `account`, `credit`, `loaded_at` FROM \(/);
});

test('rejects a date on which the set has no partition', async () => {
  for (const dt of ['2024-02-02', '9999-12-31', '1999-01-01'])
    await assert.rejects(explainSet(configsOf(featureSet()), { ...REQUEST, dt }), {
      code: 'PARTITION_DATE_INVALID',
    });
});
