import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import * as fc from 'fast-check';
import { renderSql } from '#features/query/render.ts';
import { dateLiteral, sqlLiteral } from '#features/query/sql-literal.ts';
import { compileSql } from '#features/query/compile-sql.ts';
import { featureSet } from '#test/support/feature-configs.ts';

const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();
after(() => {
  connection.closeSync();
  instance.closeSync();
});

/** What a value comes back as after the template, the compiler and the engine. */
async function roundTrip(value: string | number | boolean): Promise<unknown> {
  const set = featureSet({ sql: 'SELECT {{ params.p }} AS v, 1 AS guard', params: { p: value } });
  const sql = compileSql(renderSql(set, '2024-01-01').sql, []).duckdb;
  const [row, ...more] = (await connection.runAndReadAll(sql)).getRowObjectsJson();
  assert.deepEqual([more.length, row?.['guard']], [0, 1]);
  return row?.['v'];
}

const nasty = [
  "'",
  "''",
  "\\'",
  "\\\\'",
  "'; DROP TABLE x; --",
  "' OR 1=1 --",
  '\\',
  '\\n',
  '\n--\n',
  '/* */',
  '{{ ds }}',
  '{% raw %}',
  '"',
  '`',
  '$1',
  'é 漢 🙂',
  '%_',
  '\t\r',
];

test('text enters as one literal, whatever it holds', async () => {
  for (const text of nasty) assert.equal(await roundTrip(text), text);
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.string({ unit: 'grapheme' }),
        fc.array(fc.constantFrom(...nasty)).map((parts) => parts.join('')),
      ),
      async (text) => {
        fc.pre(!text.includes('\0'));
        assert.equal(await roundTrip(text), text);
      },
    ),
    { numRuns: 200 },
  );
});

test('numbers and booleans keep their value, and a minus never makes a comment', async () => {
  for (const value of [0, 3, -3, 0.1, -0.5, 1e21, 1e-7, 2 ** 53 - 1])
    assert.equal(Number(await roundTrip(value)), value);
  assert.equal(await roundTrip(true), true);
  const set = featureSet({ sql: 'SELECT 1 -{{ params.n }} AS v', params: { n: -1 } });
  assert.equal(renderSql(set, '2024-01-01').sql, 'SELECT 1 -(-1) AS v');
});

test('what is no value of SQL is refused', () => {
  assert.throws(() => sqlLiteral('a\0b'), { code: 'FEATURE_PARAM_INVALID' });
  assert.throws(() => sqlLiteral(Number.NaN), { code: 'FEATURE_PARAM_INVALID' });
  for (const text of ["2024-01-01' OR '1'='1", '2024-1-1', 'today', ''])
    assert.throws(() => dateLiteral(text), { code: 'FEATURE_PARAM_INVALID' });
});
