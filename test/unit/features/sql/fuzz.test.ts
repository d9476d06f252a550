import { sourceColumns } from '#configs/source-columns.ts';
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import * as fc from 'fast-check';
import { MillraceError } from '#errors/millrace-error.ts';
import { duckDbView } from '#features/engines/duckdb/duckdb-views.ts';
import { compileSql } from '#features/query/compile-sql.ts';
import { knownRows } from '#features/query/point-in-time.ts';
import { readableSource } from '#features/query/readable-relations.ts';
import { sourceRelation } from '#features/query/render.ts';
import { accounts, configsOf, payments } from '#test/support/feature-configs.ts';
import { fuzzedExpression, fuzzedQuery } from './fuzz-queries.ts';

/** The same queries in every run; another number tries others. */
const SEED = 20_261_126;
const CANARY = 987_654_321;
const configs = configsOf();
const database = await DuckDBInstance.create(':memory:');
const connection = await database.connect();
after(() => {
  connection.closeSync();
  database.closeSync();
});

/** Raw tables with what no query may see: rows of the future, a sensitive column, a table and a file of their own. */
await connection.run(`
  CREATE TABLE raw__accounts AS SELECT * FROM (VALUES
    (1::BIGINT, 10::DOUBLE, 'canary-${CANARY}', DATE '2024-01-31'), (2, ${CANARY}, 'f', DATE '2024-06-01')) AS t(account, credit, sex, loaded_at);
  CREATE TABLE raw__payments AS SELECT * FROM (VALUES
    (1::BIGINT, DATE '2024-01-31', 5::DOUBLE, DATE '2024-01-31'), (1, DATE '2024-02-10', 6, DATE '2024-02-10'),
    (${CANARY}, DATE '2024-02-11', ${CANARY}, DATE '2024-07-01')) AS t(account, paid_on, amount, loaded_at);
  CREATE TABLE secrets AS SELECT ${CANARY} AS account, 'canary' AS f, ${CANARY} AS credit, ${CANARY} AS amount;
`);
for (const source of [accounts, payments]) {
  const visible = readableSource(source.name, ['account'], configs).columns.map(({ name }) => name);
  const columns = sourceColumns(source).map(({ name, type }) => ({ name, type }));
  const rows = knownRows(source, { at: { date: '2024-03-01', zone: 'UTC' }, happened: 'before' }, visible);
  const input = {
    columns,
    from: { kind: 'source' as const, name: source.name, location: source.location },
    files: [],
  };
  const view = duckDbView(
    { name: sourceRelation(source.name), input, rows },
    `SELECT * FROM raw__${source.name}`,
  );
  await connection.run(view.sql);
}
const relations = [accounts, payments].map(({ name }) => readableSource(name, ['account'], configs));

/** What the query gives, as text; undefined if it is refused. */
async function answer(sql: string): Promise<string | undefined> {
  let compiled;
  try {
    compiled = compileSql(sql, relations);
  } catch (error) {
    if (error instanceof MillraceError) return undefined;
    throw error;
  }
  try {
    const reader = await connection.runAndReadAll(`SELECT * FROM (${compiled.duckdb}) LIMIT 200`);
    return JSON.stringify(reader.getRowsJson());
  } catch (error) {
    // A subquery of several rows, or an overflow: an error, and nothing comes out.
    assert.match(String(error), /More than one row|Out of Range|Conversion|Invalid Input/, compiled.duckdb);
    return '';
  }
}

test('no query composed of the grammar brings out a row, a column or a file that it may not see', async () => {
  let ran = 0;
  const check = async (sql: string): Promise<void> => {
    const found = await answer(sql);
    if (found === undefined) return;
    ran += 1;
    assert.doesNotMatch(found, new RegExp(`canary|${CANARY}`), sql);
  };
  await fc.assert(fc.asyncProperty(fuzzedQuery, check), { numRuns: 3_000, seed: SEED });
  const inTable = fuzzedExpression.map(
    (of) => `SELECT ${of} AS f FROM source__accounts a JOIN source__payments b ON a.account = b.account`,
  );
  await fc.assert(fc.asyncProperty(inTable, check), { numRuns: 2_000, seed: SEED });
  assert.ok(ran > 300, `only ${ran} of 5,000 queries were accepted`);
});

test('the canaries are there to be found', async () => {
  const all = await connection.runAndReadAll('SELECT * FROM raw__accounts, raw__payments, secrets');
  assert.match(JSON.stringify(all.getRowsJson()), new RegExp(`canary-${CANARY}`));
});
