import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from '#features/sql/compile.ts';
import { SqlFault } from '#features/sql/fault.ts';
import type { ReadableRelation } from '#features/sql/relation.ts';

const T: ReadableRelation = {
  name: 't',
  keys: [],
  hidden: new Map(),
  rows: new Set(['t.*']),
  columns: ['a', 'b', 'dt'].map((name) => ({ name, type: { kind: 'int' }, origins: new Set([`t.${name}`]) })),
};

const compiled = (sql: string) => compile(sql, [T]);

function repeated(count: number, text: (index: number) => string, between = ', '): string {
  return Array.from({ length: count }, (_, index) => text(index)).join(between);
}

/** Milliseconds of CPU time, which other processes do not lengthen. */
function cost(sql: string): number {
  const before = process.cpuUsage();
  compiled(sql);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const LARGE: Readonly<Record<string, string>> = {
  'row numbers in as many orders': `SELECT ${repeated(200, (i) => `ROW_NUMBER() OVER (PARTITION BY b ORDER BY c${i}) AS r${i}`)} FROM (SELECT b, ${repeated(200, (i) => `a + ${i} AS c${i}`)} FROM t)`,
  'windows over a common table': `WITH q AS (SELECT b, dt, ${repeated(200, (i) => `a + ${i} AS c${i}`)} FROM t) SELECT ${repeated(200, (i) => `LAG(c${i}) OVER (PARTITION BY b ORDER BY dt) AS r${i}`)} FROM q`,
  'keys of GROUP BY': `SELECT ${repeated(1000, (i) => `a + ${i} AS k${i}`)}, COUNT(*) AS n FROM t GROUP BY ${repeated(1000, (i) => `a + ${i}`)}`,
  'keys of GROUP BY ALL': `SELECT ${repeated(1000, (i) => `a + ${i} AS k${i}`)}, COUNT(*) AS n FROM t GROUP BY ALL`,
  'joins by USING': `SELECT a FROM t ${repeated(290, () => 'JOIN t USING (a)', ' ')}`,
  'natural joins': `SELECT a FROM t ${repeated(290, () => 'NATURAL JOIN t', ' ')}`,
  'conditions with OR': `SELECT a FROM t WHERE ${repeated(2000, (i) => `a = ${i}`, ' OR ')}`,
  'conditions with AND': `SELECT a FROM t WHERE ${repeated(2000, (i) => `a <> ${i}`, ' AND ')}`,
  'patterns of LIKE ANY': `SELECT a FROM t WHERE CAST(a AS STRING) LIKE ANY (${repeated(2000, (i) => `'${i}%'`)})`,
  'terms of a sum': `SELECT ${repeated(250, () => 'a', ' + ')} AS s FROM t`,
};

for (const [what, sql] of Object.entries(LARGE))
  test(`compiles hundreds of ${what} in little time`, () => {
    const spent = cost(sql);
    assert.ok(spent < 3000, `${spent} ms`);
  });

const chain = (count: number, of: (index: number) => string): string =>
  `SELECT a AS x0, ${repeated(count, (i) => `${of(i)} AS x${i + 1}`)} FROM t`;

/** With a part of the message and the text that the place points at. */
const BEYOND: readonly (readonly [what: string, sql: string, message: RegExp, at: RegExp])[] = [
  ['a sum of thousands', `SELECT ${repeated(5000, () => 'a', '+')} AS s FROM t`, /more than 300/, /^a\+/],
  [
    'thousands of set operations',
    repeated(5000, () => 'SELECT a FROM t', ' UNION ALL '),
    /more than 300/,
    /^SELECT/,
  ],
  [
    'thousands of joins',
    `SELECT 1 FROM t ${repeated(5000, () => 'CROSS JOIN t', ' ')}`,
    /more than 300/,
    /^t /,
  ],
  ['thousands of tables', `SELECT 1 FROM ${repeated(5000, () => 't')}`, /more than 300/, /^t,/],
  [
    'thousands of lateral views',
    `SELECT 1 FROM t ${repeated(5000, (i) => `LATERAL VIEW explode(array(1)) v AS e${i}`, ' ')}`,
    /more than 300/,
    /^LATERAL/,
  ],
  ['thousands of casts', `SELECT a${'::INT'.repeat(5000)} AS s FROM t`, /more than 300/, /^INT/],
  ['thousands of indexes', `SELECT a${'[0]'.repeat(5000)} AS s FROM t`, /more than 300/, /^0/],
  [
    'chains in brackets',
    `SELECT ${'('.repeat(150)}a${'+1+1+1)'.repeat(150)} AS s FROM t`,
    /more than 300/,
    /^1/,
  ],
  ['thousands of brackets in FROM', `SELECT 1 FROM ${'('.repeat(5000)}t`, /200 levels/, /^\(/],
  [
    'a CUBE of many keys',
    `SELECT COUNT(*) AS n FROM t GROUP BY CUBE (${repeated(30, (i) => `a + ${i}`)})`,
    /1024/,
    /^CUBE/,
  ],
  [
    'WITH CUBE of many keys',
    `SELECT COUNT(*) AS n FROM t GROUP BY ${repeated(30, (i) => `a + ${i}`)} WITH CUBE`,
    /1024/,
    /^a/,
  ],
  [
    'columns that double',
    `WITH q0 AS (SELECT a, b FROM t), ${repeated(20, (i) => `q${i + 1} AS (SELECT x.*, y.* FROM q${i} x CROSS JOIN q${i} y)`)} SELECT 1 FROM q20`,
    /10000 columns/,
    /^CROSS JOIN q\d+ y/,
  ],
  [
    'columns that are passed on again and again',
    `WITH q0 AS (SELECT ${repeated(5000, (i) => `a AS c${i}`)} FROM t), ${repeated(100, (i) => `q${i + 1} AS (SELECT * FROM q${i})`)} SELECT 1 FROM q100`,
    /200000 columns/,
    /^(SELECT \* FROM )?q\d+/,
  ],
  ['aliases that each repeat the one before', chain(3000, (i) => `x${i} + 1`), /too long/, /^\+ 1 AS x\d+/],
  ['aliases that double', chain(30, (i) => `x${i} + x${i}`), /too long/, /^\+ x\d+ AS x\d+/],
  ['aliases under GROUP BY', chain(3000, (i) => `x${i} + 1`) + ' GROUP BY a', /too long/, /^\+ 1 AS x\d+/],
];

for (const [what, sql, message, at] of BEYOND)
  test(`refuses ${what} at their place`, () => {
    assert.throws(
      () => compiled(sql),
      (error) => {
        assert.ok(error instanceof SqlFault, String(error));
        assert.equal(error.code, 'SQL_INVALID');
        assert.match(error.message, message);
        assert.match(sql.slice(error.at), at);
        return true;
      },
    );
  });
