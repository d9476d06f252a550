import { arrayOf, DATE, duckDbType, isIntegral, type SqlType, TIMESTAMP, VOID } from '../../types.ts';
import { widerNumber } from '../../wider-type.ts';
import { type Entry, type PrintedCall, signature } from '../entry.ts';
import { once, stop } from '../once.ts';
import { MOST_ELEMENTS } from './elements.ts';

const TOO_LONG = stop('sequence(…) makes too many elements');

const listOf = ([a]: readonly SqlType[]): SqlType => arrayOf(a ?? VOID);

/** All of the widest type. */
function sameIntegers(args: readonly SqlType[]): readonly SqlType[] | undefined {
  if (!args.every(isIntegral)) return undefined;
  const type = args.reduce(widerNumber);
  return args.map(() => type);
}

function numbers([first = '', last = '', step]: readonly string[], { result }: PrintedCall): string {
  const args = [first, last, ...(step === undefined ? [] : [step])].map((of) => `CAST(${of} AS BIGINT)`);
  return once(args, ([from, to, by = `CASE WHEN ${from} <= ${to} THEN 1 ELSE -1 END`]) => {
    const wrong = `${from} <> ${to} AND (${by} = 0 OR (${by} > 0) <> (${from} < ${to}))`;
    const made = `CASE WHEN ${by} = 0 THEN [${from}] ELSE generate_series(${from}, ${to}, ${by}) END`;
    return `CASE WHEN ${from} IS NULL OR ${to} IS NULL OR ${by} IS NULL THEN NULL WHEN abs(CAST(${to} AS HUGEINT) - ${from}) // greatest(abs(${by}), 1) >= ${MOST_ELEMENTS} THEN ${TOO_LONG} WHEN ${wrong} THEN ${stop('sequence(…) has a step that leads away from its end')} ELSE CAST(${made} AS ${duckDbType(result)}) END`;
  });
}

/** Days in the order of time, or backwards. */
function days([first = '', last = '']: readonly string[]): string {
  return once([first, last], ([from, to]) => {
    const by = `CASE WHEN ${from} <= ${to} THEN 1 ELSE -1 END`;
    return `CASE WHEN ${from} IS NOT NULL AND ${to} IS NOT NULL THEN list_transform(generate_series(0, ${to} - ${from}, ${by}), lambda i: ${from} + CAST(i AS INTEGER)) END`;
  });
}

/** Each step counts from the start, so that the end of a month stays one. */
function steps(unit: 'day' | 'month') {
  return (
    [first = '', last = '', step = '']: readonly string[],
    { result, types, refuse }: PrintedCall,
  ): string => {
    const isDates = types[0]?.kind === 'date';
    const found = /^to_(?:microseconds|months)\((-?\d+)\)$/.exec(step);
    const size = Number(found?.[1] ?? Number.NaN);
    if (!(size > 0)) return refuse('sequence(…) with such a step', 'give a positive constant interval');
    if (isDates && unit === 'day' && size % 86_400_000_000 !== 0)
      return refuse('sequence(…) of dates with a part of a day', 'cast the dates to timestamps');
    const type = duckDbType(result).slice(0, -2);
    return once([`CAST(${first} AS TIMESTAMP)`, `CAST(${last} AS TIMESTAMP)`], ([from, to]) => {
      const count =
        unit === 'day'
          ? `(epoch_us(${to}) - epoch_us(${from})) // ${size}`
          : `((year(${to}) - year(${from})) * 12 + month(${to}) - month(${from})) // ${size}`;
      const at = unit === 'day' ? `to_microseconds(i * ${size})` : `to_months(CAST(i * ${size} AS INTEGER))`;
      const made = `list_filter(list_transform(range(0, ${count} + 1), lambda i: ${from} + ${at}), lambda e: e <= ${to})`;
      return `CASE WHEN ${from} IS NULL OR ${to} IS NULL THEN NULL WHEN ${count} >= ${MOST_ELEMENTS} THEN ${TOO_LONG} WHEN ${from} > ${to} THEN ${stop('sequence(…) has a step that leads away from its end')} ELSE CAST(${made} AS ${type}[]) END`;
    });
  };
}

const INTERVALS = {
  day: ['INTERVAL 3 DAYS', 'INTERVAL 1 WEEK'],
  month: ['INTERVAL 1 MONTH', 'INTERVAL 1 YEAR'],
};

const NUMBERS = ['n', '3', '-1L', 'CAST(n AS SMALLINT)'];
const DAYS = ["DATE '2024-01-31'", "DATE '2024-02-29'", 'CAST(NULL AS DATE)'];
const LATER = ["DATE '2024-02-29'", "DATE '2025-12-31'"];
const MOMENTS = {
  date: [DAYS, LATER],
  timestamp: [
    ["TIMESTAMP '2024-01-31 10:00:00'", 'CAST(NULL AS TIMESTAMP)'],
    ["TIMESTAMP '2024-01-31 10:00:00'", "TIMESTAMP '2024-03-31 09:59:59.999999'"],
  ],
};

function moments(kind: 'date' | 'timestamp', unit: 'day' | 'month') {
  return signature(
    `${kind}, ${kind}, ${unit === 'day' ? 'span' : 'interval_month'}`,
    arrayOf(kind === 'date' ? DATE : TIMESTAMP),
    steps(unit),
    { samples: { 0: MOMENTS[kind][0] ?? [], 1: MOMENTS[kind][1] ?? [], 2: INTERVALS[unit] } },
  );
}

/** Numbers, days or moments from one to another. */
export const SEQUENCES: readonly Entry[] = [
  {
    name: 'sequence',
    kind: 'scalar',
    signatures: [
      signature('integral, integral', listOf, numbers, {
        samples: { 0: NUMBERS, 1: NUMBERS },
        convert: sameIntegers,
      }),
      signature('integral, integral, integral', listOf, numbers, {
        samples: { 0: NUMBERS, 1: NUMBERS, 2: ['1', '3', '-2', '0'] },
        convert: sameIntegers,
      }),
      signature('date, date', arrayOf(DATE), days, { samples: { 0: DAYS, 1: DAYS } }),
      moments('date', 'day'),
      moments('date', 'month'),
      moments('timestamp', 'day'),
      moments('timestamp', 'month'),
    ],
    examples: [
      'SELECT id AS id, sequence(n, 3) AS a, sequence(1L, n) AS b, sequence(0, 7, 3) AS c FROM ints',
      "SELECT id AS id, sequence(day, DATE '2024-01-10') AS a FROM t",
      { sql: 'SELECT sequence(3, 1, 1) AS a', outcome: 'both fail' },
      { sql: 'SELECT sequence(1, 3, 0) AS a', outcome: 'both fail' },
      {
        sql: "SELECT sequence(day, DATE '2023-12-27', INTERVAL 1 DAY) AS a FROM t",
        outcome: 'both fail',
      },
      {
        sql: "SELECT sequence(ts, TIMESTAMP '2023-12-27 00:00:00', INTERVAL 1 MONTH) AS a FROM t",
        outcome: 'both fail',
      },
      { sql: 'SELECT size(sequence(1, x)) AS a FROM ints WHERE x = 16777217', outcome: 'stopped' },
      "SELECT id AS id, sequence(day, DATE '2024-12-31', INTERVAL 1 MONTH) AS a, sequence(day, DATE '2024-12-31', INTERVAL 2 WEEKS) AS b FROM t",
      "SELECT id AS id, d AS d FROM t LATERAL VIEW explode(sequence(day, DATE '2024-12-31', INTERVAL 1 YEAR)) x AS d",
      "SELECT id AS id, sequence(ts, TIMESTAMP '2024-12-31 00:00:00', INTERVAL 36 HOURS) AS a FROM t",
    ],
  },
];
