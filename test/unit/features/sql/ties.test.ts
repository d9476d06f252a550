import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from '#features/sql/compile.ts';
import type { ReadableRelation } from '#features/sql/relation.ts';
import type { SqlType } from '#features/sql/types.ts';

const INT: SqlType = { kind: 'int' };

function relation(keys: readonly string[]): ReadableRelation {
  const columns = { id: INT, day: { kind: 'date' } as const, qty: INT, notes: mapType() };
  return {
    name: 'events',
    keys,
    hidden: new Map(),
    rows: new Set(['events.*']),
    columns: Object.entries(columns).map(([name, type]) => ({ name, type, origins: new Set([name]) })),
  };
}

function mapType(): SqlType {
  return { kind: 'map', key: { kind: 'string' }, value: INT };
}

const compiled = (sql: string, keys: readonly string[] = []) => compile(sql, [relation(keys)]);
const sparkOf = (sql: string, keys: readonly string[] = []): string => compiled(sql, keys).spark;

test('breaks ties of a window by the columns that the SELECT reads, on both engines', () => {
  const sql = 'SELECT qty, row_number() OVER (PARTITION BY id ORDER BY day DESC) AS n FROM events';
  const { spark, duckdb } = compiled(sql);
  assert.equal(spark, sql.replace('day DESC', 'day DESC, `events`.`qty` ASC NULLS FIRST'));
  assert.match(duckdb, /ORDER BY t\d+\."day" DESC NULLS LAST, t\d+\."qty" ASC NULLS FIRST/);
});

test('keeps a window as it is when its keys identify a row', () => {
  const sql = 'SELECT qty, lag(qty) OVER (PARTITION BY id ORDER BY day) AS n FROM events';
  assert.equal(sparkOf(sql, ['id', 'day']), sql);
});

test('keeps the order of functions whose result is the same for all rows of a tie', () => {
  const sql = 'SELECT rank() OVER (ORDER BY day) AS r, sum(qty) OVER (ORDER BY day) AS s FROM events';
  assert.equal(sparkOf(sql), sql);
});

test('breaks ties of one use of a named window only', () => {
  const sql = 'SELECT rank() OVER w AS r, lag(qty) OVER w AS l FROM events WINDOW w AS (ORDER BY day)';
  assert.equal(
    sparkOf(sql),
    sql.replace('lag(qty) OVER w', 'lag(qty) OVER (ORDER BY day, `events`.`qty` ASC NULLS FIRST)'),
  );
});

test('breaks ties of LIMIT by all columns of the result', () => {
  assert.equal(
    sparkOf('SELECT id, qty FROM events ORDER BY qty LIMIT 3'),
    'SELECT id, qty FROM events ORDER BY qty, 1 ASC NULLS FIRST LIMIT 3',
  );
});

test('breaks ties of max_by by the value itself', () => {
  assert.equal(
    sparkOf('SELECT max_by(qty, day) AS q FROM events'),
    `SELECT max_by(qty, CASE WHEN (day) IS NOT NULL THEN named_struct('y', (day), 'x', (qty)) END) AS q FROM events`,
  );
});

test('writes QUALIFY as a subquery for Spark, with the ties inside of it broken', () => {
  assert.equal(
    sparkOf('SELECT DISTINCT id FROM events WHERE qty > 0 QUALIFY row_number() OVER (ORDER BY day) = 1'),
    'SELECT DISTINCT * EXCEPT (millrace_qualify) FROM (SELECT id, (row_number() OVER (ORDER BY day, `events`.`id` ASC NULLS FIRST) = 1) AS millrace_qualify FROM events WHERE qty > 0 ) WHERE millrace_qualify',
  );
});

for (const [what, sql] of [
  ['a constant order', 'SELECT row_number() OVER (ORDER BY 1) AS n FROM events'],
  ['a tie that only a map could break', 'SELECT notes, row_number() OVER (ORDER BY day) AS n FROM events'],
  ['LIMIT beside a map', 'SELECT notes FROM events ORDER BY day LIMIT 1'],
  ['the last value of peers', 'SELECT last_value(qty) OVER (ORDER BY day) AS q FROM events'],
  ['a collected array without an order', 'SELECT collect_list(qty) AS q FROM events'],
  ['a filtered array without an order', 'SELECT filter(collect_list(qty), q -> q > 1) AS q FROM events'],
] as const)
  test(`refuses ${what}`, () => {
    assert.throws(() => compiled(sql), { name: 'SqlFault' });
  });
