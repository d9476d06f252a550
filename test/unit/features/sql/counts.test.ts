import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from '#features/sql/compile.ts';
import type { ReadableRelation } from '#features/sql/relation.ts';

const payments: ReadableRelation = {
  name: 'payments',
  keys: ['id'],
  hidden: new Map(),
  rows: new Set(['payments.*']),
  columns: ['id', 'a', 'b'].map((name) => ({ name, type: { kind: 'int' }, origins: new Set([name]) })),
};

const compiled = (count: string) => compile(`SELECT id, ${count} AS n FROM payments GROUP BY id`, [payments]);

test('takes COUNT(*) for a count of rows', () => {
  assert.match(compiled('count(*) FILTER (WHERE a > 1)').duckdb, /count\(\*\) FILTER/);
});

for (const count of [
  'count(DISTINCT *)',
  'count(* EXCEPT (a))',
  'count(payments.*)',
  'count(*, a)',
  'max(*)',
  'count()',
])
  test(`refuses ${count}, which is not a count of rows`, () => {
    assert.throws(() => compiled(count), { name: 'SqlFault' });
  });
