import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { compile } from '#features/sql/compile.ts';
import type { ReadableRelation } from '#features/sql/relation.ts';
import type { SqlType } from '#features/sql/types.ts';

const INT: SqlType = { kind: 'int' };
const COLUMNS: Readonly<Record<string, SqlType>> = {
  id: INT,
  rate: INT,
  amounts: { kind: 'array', element: INT },
};
const payments: ReadableRelation = {
  name: 'payments',
  keys: ['id'],
  hidden: new Map(),
  rows: new Set(['payments.*']),
  columns: Object.entries(COLUMNS).map(([name, type]) => ({ name, type, origins: new Set([name]) })),
};

const database = await DuckDBInstance.create(':memory:', { threads: '1' });
const connection = await database.connect();
after(() => {
  connection.closeSync();
  database.closeSync();
});
// Arrays of every length from none to four, so that no row's array lines up with that of its neighbour.
await connection.run(`CREATE TABLE payments AS SELECT CAST(i AS INTEGER) AS id, CAST(i * 100 AS INTEGER) AS rate,
  CAST(list_transform(range(i % 5), lambda n: i + n) AS INTEGER[]) AS amounts FROM range(2000) AS r(i)`);

test('refuses a fold whose lambda reads a column or the variable of a lambda around it', () => {
  for (const sql of [
    'SELECT id, aggregate(amounts, 0, (s, x) -> s + x * rate) AS f FROM payments',
    'SELECT id, reduce(amounts, 0, (s, x) -> s + size(filter(amounts, y -> y > x))) AS f FROM payments',
    'SELECT id, transform(amounts, a -> aggregate(amounts, 0, (s, x) -> s + x * a)) AS f FROM payments',
  ])
    assert.throws(
      () => compile(sql, [payments]),
      {
        code: 'SQL_NOT_TRANSLATABLE',
        message: /reads something from outside .* transform\(a, x -> named_struct/,
      },
      sql,
    );
});

test('folds arrays of different lengths with what the start, the elements and the last step bring along', async () => {
  const { duckdb } = compile(
    `SELECT id, amounts, rate,
       aggregate(amounts, rate, (s, x) -> s + x) AS started,
       aggregate(amounts, 0, (s, x) -> s + x, s -> s * rate) AS finished,
       aggregate(transform(amounts, a -> named_struct('a', a, 'rate', rate)), 0, (s, x) -> s + x.a * x.rate) AS packed
     FROM payments`,
    [payments],
  );
  const rows = (await connection.runAndReadAll(duckdb)).getRowObjectsJson();
  assert.equal(rows.length, 2_000);
  for (const { id, amounts, rate, started, finished, packed } of rows as Record<
    string,
    number & number[]
  >[]) {
    const sum = (amounts as readonly number[]).reduce((total, amount) => total + amount, 0);
    const scaled = (sum * (rate as number)) | 0;
    assert.deepEqual([started, finished, packed], [(rate as number) + sum, scaled, scaled], `row ${id}`);
  }
});
