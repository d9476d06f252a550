import assert from 'node:assert/strict';
import test from 'node:test';
import { compile } from '#features/sql/compile.ts';
import { SqlFault } from '#features/sql/fault.ts';
import type { ReadableRelation } from '#features/sql/relation.ts';
import type { SimpleKind } from '#features/sql/types.ts';

const COLUMNS: readonly (readonly [string, SimpleKind])[] = [
  ['id', 'bigint'],
  ['day', 'date'],
  ['ts', 'timestamp'],
  ['n', 'int'],
];

const EVENTS: ReadableRelation = {
  name: 'events',
  columns: COLUMNS.map(([name, kind]) => ({ name, type: { kind }, origins: new Set([`events.${name}`]) })),
  hidden: new Map(),
  rows: new Set(['events.*']),
  keys: ['id'],
};

const duckDbOf = (expression: string): string =>
  compile(`SELECT ${expression} AS value FROM events`, [EVENTS]).duckdb;

function refusal(expression: string): string {
  try {
    duckDbOf(expression);
  } catch (error) {
    if (error instanceof SqlFault) return error.message;
    throw error;
  }
  return 'accepted';
}

test('reads literals of dates and timestamps as Spark does', () => {
  const cases = [
    ["DATE '2024-2-3'", "'2024-02-03'"],
    ["DATE ' 2024-02-03T10:00:00 '", "'2024-02-03'"],
    ["DATE '2024'", "'2024-01-01'"],
    ["TIMESTAMP '2024-02-03'", "'2024-02-03 00:00:00.000000'"],
    ["TIMESTAMP '2024-2-3 1:2'", "'2024-02-03 01:02:00.000000'"],
    ["TIMESTAMP '2024-02-03T10:11:12.1234567Z'", "'2024-02-03 10:11:12.123456'"],
    ["TIMESTAMP '2024-03-01 00:30:00+02:00'", "'2024-02-29 22:30:00.000000'"],
    ["TIMESTAMP '2023-12-31 23:30:00.5 -01:30'", "'2024-01-01 01:00:00.500000'"],
  ] as const;
  for (const [literal, text] of cases) assert.ok(duckDbOf(literal).includes(text), literal);
});

test('rejects literals that are no moment or whose moment depends on the day of the run', () => {
  const literals = [
    "DATE '2023-02-29'",
    "DATE '1500-02-29'",
    "DATE '24-02-03'",
    "DATE '20240203'",
    "DATE 'today'",
    "DATE '-0001-01-01'",
    "TIMESTAMP 'now'",
    "TIMESTAMP '10:11:12'",
    "TIMESTAMP '2024-02-03 24:00:00'",
    "TIMESTAMP '2024-02-03 10:11:60'",
    "TIMESTAMP '2024-02-03 10:00:00 Europe/Berlin'",
    "TIMESTAMP '0000-01-01 00:00:00+02:00'",
    "TIMESTAMP_NTZ '2024-02-03 10:00:00+02:00'",
  ];
  for (const literal of literals) assert.notEqual(refusal(literal), 'accepted', literal);
});

test('reads intervals with signs, fractions of seconds and several units', () => {
  const cases = [
    ['ts + INTERVAL 1 DAY 2 HOURS', 'to_microseconds(93600000000)'],
    ["ts + INTERVAL '1 day -2 hours'", 'to_microseconds(79200000000)'],
    ["ts + INTERVAL -'1' DAY", 'to_microseconds(-86400000000)'],
    ["ts + INTERVAL -'-1' DAY", 'to_microseconds(86400000000)'],
    ['ts + INTERVAL +2 WEEKS', 'to_microseconds(1209600000000)'],
    ['ts + INTERVAL -1.5 SECONDS', 'to_microseconds(-1500000)'],
    ["ts + INTERVAL '1.9999999' SECOND", 'to_microseconds(1999999)'],
    ['ts + INTERVAL 1 YEAR 2 MONTHS', 'to_months(14)'],
    ["ts + INTERVAL '-1-2' YEAR TO MONTH", 'to_months(-14)'],
    ["ts + INTERVAL -'1 02:03:04.5' DAY TO SECOND", 'to_microseconds(-93784500000)'],
    ["ts + INTERVAL '30:15' MINUTE TO SECOND", 'to_microseconds(1815000000)'],
  ] as const;
  for (const [expression, form] of cases) assert.ok(duckDbOf(expression).includes(form), expression);
});

test('rejects intervals that Spark rejects, or that no column can hold', () => {
  const cases = [
    ['ts + INTERVAL 1.5 DAYS', /whole number/],
    ['ts + INTERVAL 1 MONTH 2 DAYS', /months and days together/],
    ["ts + INTERVAL '1' DAY TO HOUR", /not an interval of DAY TO HOUR/],
    ["ts + INTERVAL '1 24:00' DAY TO MINUTE", /not an interval of DAY TO MINUTE/],
    ["ts + INTERVAL '1-12' YEAR TO MONTH", /not an interval of YEAR TO MONTH/],
    ["ts + INTERVAL '1 2' MONTH TO DAY", /cannot be of MONTH TO DAY/],
    ["ts + INTERVAL '1 fortnight'", /not a unit of time/],
    ['ts + INTERVAL 999999999999 DAYS', /too long/],
    ['ts - ts', /interval day to second/],
    ['day - day', /interval day/],
  ] as const;
  for (const [expression, text] of cases) assert.match(refusal(expression), text, expression);
});

test('takes a unit only before two other arguments, so that a column may be named like one', () => {
  assert.match(duckDbOf('date_add(day, 1)'), /"day" \+/);
  assert.match(duckDbOf('datediff(day, ts)'), /"day" - /);
  assert.match(duckDbOf('datediff(DAY, day, ts)'), /86400000000/);
  assert.match(refusal('datediff(FORTNIGHT, day, ts)'), /FORTNIGHT/i);
  assert.match(refusal('date_add(`DAY`, 1, day)'), /not supported/);
});

test('compares the types of frames as Spark does', () => {
  const frame = (order: string, bounds: string): string =>
    refusal(`count(*) OVER (ORDER BY ${order} RANGE BETWEEN ${bounds})`);
  const accepted = [
    ['day', 'INTERVAL 31 DAYS PRECEDING AND CURRENT ROW'],
    ['day', 'INTERVAL 1 MONTH PRECEDING AND INTERVAL 1 MONTH FOLLOWING'],
    ['day', '31 PRECEDING AND 1 PRECEDING'],
    ['ts', 'INTERVAL 36 HOURS PRECEDING AND INTERVAL 1 HOUR PRECEDING'],
    ['n', '1 PRECEDING AND UNBOUNDED FOLLOWING'],
  ] as const;
  for (const [order, bounds] of accepted) assert.equal(frame(order, bounds), 'accepted', bounds);
  const rejected = [
    ['day', 'INTERVAL 36 HOURS PRECEDING AND CURRENT ROW', /use INTERVAL … DAYS/],
    ['day', 'INTERVAL 1 MONTH PRECEDING AND INTERVAL 1 DAY PRECEDING', /same units/],
    ['ts', 'INTERVAL 1 DAY PRECEDING AND INTERVAL 1 HOUR PRECEDING', /same units/],
    ['ts', '10 PRECEDING AND CURRENT ROW', /use an interval/],
    ['n', 'INTERVAL 1 DAY PRECEDING AND CURRENT ROW', /cast one/],
    ['n', '1.5 PRECEDING AND CURRENT ROW', /cast one/],
    ['n', '1 PRECEDING AND 3 PRECEDING', /start before it ends/],
    ['n', 'CURRENT ROW AND 1 PRECEDING', /start before it ends/],
    ['n', '-1 PRECEDING AND CURRENT ROW', /negative distance/],
    ['id, n', '1 PRECEDING AND CURRENT ROW', /one ORDER BY/],
  ] as const;
  for (const [order, bounds, text] of rejected) assert.match(frame(order, bounds), text, bounds);
});

test('rejects a written twice, which Spark 4.0 reads as two texts', () => {
  for (const text of ["'it''s'", '"a""b"', "''''"])
    assert.match(refusal(`date_format(ts, ${text})`), /written twice/, text);
  assert.ok(duckDbOf(`date_format(ts, "'it''s' d")`).includes(`it''s`));
  assert.ok(duckDbOf(`date_format(ts, 'yyyy' '-MM')`).includes('%Y-%m'));
});
