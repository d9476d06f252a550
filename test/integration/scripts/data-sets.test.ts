import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { readEnvironment } from '#configs/environment.ts';
import { dataSetFolder, loadDataSet, type DataSet } from '#local/load-data-set.ts';
import { makeMachines } from '#scripts/data/machines.ts';
import { ROOT } from '#local/tools.ts';
import { freshBucket } from '#test/support/stores.ts';

const DATA_SETS: readonly DataSet[] = ['credit-card', 'machines'];
const SQL_TYPES: Readonly<Record<string, string>> = {
  bigint: 'BIGINT',
  int: 'INTEGER',
  double: 'DOUBLE',
  string: 'VARCHAR',
  date: 'DATE',
};

const folder = mkdtempSync(join(tmpdir(), 'millrace-data-'));
const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
const connection = await instance.connect();
after(() => {
  connection.closeSync();
  instance.closeSync();
  rmSync(folder, { recursive: true, force: true });
});

/** Tables of the README: name → its columns and types, in order. */
function described(): Map<string, [column: string, type: string][]> {
  const tables = new Map<string, [string, string][]>();
  let columns: [string, string][] = [];
  for (const line of readFileSync(join(ROOT, 'scripts/data/README.md'), 'utf8').split('\n')) {
    const table = /^\*\*`raw\/(\w+)\/`\*\*/.exec(line)?.[1];
    const [, column, type] = /^\| `(\w+)` \| (\w+) \|/.exec(line) ?? [];
    if (table !== undefined) tables.set(table, (columns = []));
    if (column !== undefined && type !== undefined) columns.push([column, type]);
  }
  return tables;
}

function digests(below: string): Record<string, string> {
  const files = globSync('raw/**/*.parquet', { cwd: below }).toSorted();
  const digest = (file: string) =>
    createHash('sha256')
      .update(readFileSync(join(below, file)))
      .digest('hex');
  return Object.fromEntries(files.map((file) => [file, digest(file)]));
}

async function rows(query: string): Promise<unknown[][]> {
  return (await connection.runAndReadAll(query)).getRowsJson();
}

describe('the data sets', () => {
  it('have the columns and types that their README tells', async () => {
    const tables = described();
    assert.equal(tables.size, 6);
    for (const dataSet of DATA_SETS) {
      const names = new Set(
        Object.keys(digests(dataSetFolder(dataSet))).map((path) => path.split('/')[1] ?? ''),
      );
      for (const name of names) {
        const found = await rows(`DESCRIBE FROM '${dataSetFolder(dataSet)}/raw/${name}/*.parquet'`);
        const told = tables.get(name)?.map(([column, type]) => [column, SQL_TYPES[type]]);
        assert.deepEqual(
          found.map(([column, type]) => [column, type]),
          told,
          name,
        );
      }
    }
  });

  it('hold nothing that was known before it happened', async () => {
    const late = (table: string, event: string, from: string) =>
      rows(`SELECT count(*)::INT FROM '${from}/raw/${table}/*.parquet' WHERE loaded_at < ${event}`);
    const [credit, machines] = DATA_SETS.map(dataSetFolder);
    assert.deepEqual(await late('statements', 'statement_month', credit ?? ''), [[0]]);
    assert.deepEqual(await late('defaults', 'default_month', credit ?? ''), [[0]]);
    assert.deepEqual(await late('telemetry', 'reading_date + 1', machines ?? ''), [[0]]);
    assert.deepEqual(await late('stoppages', 'day + 1', machines ?? ''), [[0]]);
  });

  it('come out the same, byte for byte, when they are made again', async () => {
    await makeMachines(connection, folder);
    assert.deepEqual(digests(folder), digests(dataSetFolder('machines')));
  });

  it('are put into a bucket once, and only what is absent', async () => {
    await using bucket = await freshBucket();
    const env = readEnvironment();
    const files = Object.keys(digests(dataSetFolder('machines')));
    assert.equal(await loadDataSet(env, 'machines', bucket.bucket), files.length);
    assert.equal(await loadDataSet(env, 'machines', bucket.bucket), 0);
    await bucket.remove(files.slice(0, 1));
    assert.equal(await loadDataSet(env, 'machines', bucket.bucket), 1);
  });
});
