import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from '#features/sql/compile.ts';
import type { ReadableRelation } from '#features/sql/relation.ts';

const T: ReadableRelation = {
  name: 't',
  keys: [],
  hidden: new Map(),
  rows: new Set(['t.*']),
  columns: ['a', 'b'].map((name) => ({ name, type: { kind: 'int' }, origins: new Set([`t.${name}`]) })),
};

const compiled = (sql: string) => compile(sql, [T]);

for (const [where, sql] of [
  ['a subquery', 'SELECT v, COUNT(*) AS n FROM (SELECT a AS v FROM t)'],
  ['a common table', 'WITH q AS (SELECT a AS v FROM t) SELECT v, COUNT(*) AS n FROM q'],
  ['a list of new names', 'SELECT v, COUNT(*) AS n FROM (SELECT a FROM t) AS x(v)'],
  ['a lateral view', 'SELECT v, COUNT(*) AS n FROM t LATERAL VIEW explode(array(a)) l AS v GROUP BY a'],
  ['HAVING', 'SELECT COUNT(*) AS n FROM (SELECT a AS v FROM t) GROUP BY v + 1 HAVING v > 1'],
  ['ORDER BY', 'SELECT COUNT(*) AS n FROM (SELECT a AS v FROM t) GROUP BY v + 1 ORDER BY v'],
  [
    'a window',
    'SELECT COUNT(*) AS n, row_number() OVER (ORDER BY v) AS r FROM (SELECT a AS v FROM t) GROUP BY v + 1',
  ],
] as const)
  test(`names the column of ${where} that is not grouped as the author does`, () => {
    assert.throws(() => compiled(sql), {
      code: 'SQL_INVALID',
      message: 'The column "v" is neither in GROUP BY nor in an aggregate.',
    });
  });

for (const [what, sql, message] of [
  ['a NUL in the name of a field', String.raw`SELECT named_struct('\0x', a) AS s FROM t`, /U\+0000/],
  ['a NUL in a value of PIVOT', String.raw`SELECT * FROM t PIVOT (SUM(a) FOR b IN ('\0x'))`, /U\+0000/],
  ['a NUL in a name', 'SELECT a AS `\0x` FROM t', /U\+0000/],
  ['a negative LIMIT', 'SELECT a FROM t ORDER BY a LIMIT -1', /LIMIT cannot be negative/],
  ['a negative OFFSET', 'SELECT a FROM t ORDER BY a LIMIT 1 OFFSET -1', /OFFSET cannot be negative/],
  [
    'a type with two fields of one name',
    'SELECT CAST(NULL AS ARRAY<STRUCT<x:INT, X:INT>>) AS s FROM t',
    /two fields "X"/,
  ],
] as const)
  test(`refuses ${what}`, () => {
    assert.throws(() => compiled(sql), { code: 'SQL_INVALID', message });
  });

for (const [what, sql] of [
  ['an expression', 'SELECT a AS v FROM t UNION ALL SELECT b FROM t ORDER BY v + 1'],
  ['an array', 'SELECT array(a) AS v FROM t UNION ALL SELECT array(b) FROM t ORDER BY v'],
  [
    'the ties of LIMIT',
    'SELECT a AS v, array(a) AS w FROM t UNION SELECT a, array(b) FROM t ORDER BY v LIMIT 1',
  ],
  ['a query in brackets', '(SELECT a AS v FROM t ORDER BY a) ORDER BY v DESC'],
] as const)
  test(`orders the rows of a whole set operation by ${what}`, () => {
    assert.match(compiled(sql).duckdb, /SELECT \* FROM \([^]*\) AS body\nORDER BY [^]*\) AS result$/);
  });
