import { type Entry, type Signature, signature } from '../entry.ts';
import { once } from '../once.ts';
import { calendarDate, TIMESTAMP_YEARS } from './calendar-date.ts';

type Form = Signature['duckdb'];

/** Parts that make no moment give NULL; a second of 60 is the first of the next minute. */
const timestamp: Form = ([year = '', month = '', date = '', hour = '', minute = '', second = '']) =>
  once(
    [hour, minute, second, calendarDate(year, month, date, TIMESTAMP_YEARS)],
    ([h = '', m = '', s = '', day = '']) => {
      const midnight = `TRY_CAST(${day} AS TIMESTAMP)`;
      const micros = `CAST(${s} * 1000000 AS BIGINT)`;
      const inside = `${h} BETWEEN 0 AND 23 AND ${m} BETWEEN 0 AND 59 AND (${s} >= 0 AND ${s} < 60 OR ${s} = 60)`;
      return `CASE WHEN ${inside} THEN ${midnight} + to_microseconds((${h} * 3600 + ${m} * 60) * CAST(1000000 AS BIGINT) + ${micros}) END`;
    },
  );

const PARTS = 'int, int, int, int, int, decimal(16,6)';

const made = (name: string, kind: 'timestamp' | 'timestamp_ntz', aliases: readonly string[]): Entry => ({
  name,
  kind: 'scalar',
  aliases,
  signatures: [signature(PARTS, kind, timestamp)],
  examples: [
    `SELECT id, ${name}(year(x), month(x), day(x), n, n * 7, 59.999999) AS a FROM dates`,
    { sql: `SELECT ${name}(x, 1, 1, 0, 0, 0) AS a FROM ints WHERE x = 16777217`, outcome: 'both fail' },
    `SELECT id, ${name}(2024, n, 30, 23, 59, 60) AS a, ${name}(2024, 2, 29, 24, 0, 0) AS b FROM dates`,
  ],
});

const DAY_MICROS = [86_400_000_000, 3_600_000_000, 60_000_000] as const;

/** Days, hours, minutes and seconds; those that are left out are 0. */
const daySpan: Form = ([days, hours, minutes, seconds]) => {
  const whole = [days, hours, minutes].flatMap((count, index) =>
    count === undefined ? [] : [`CAST(${count} AS BIGINT) * ${DAY_MICROS[index] ?? 0}`],
  );
  const micros = seconds === undefined ? [] : [`CAST(${seconds} * 1000000 AS BIGINT)`];
  return `to_microseconds(${[...whole, ...micros].join(' + ')})`;
};

/** Functions that make moments and intervals of numbers. */
export const MAKERS: readonly Entry[] = [
  {
    name: 'make_date',
    kind: 'scalar',
    signatures: [signature('int, int, int', 'date', ([y = '', m = '', d = '']) => calendarDate(y, m, d))],
    examples: [
      'SELECT id, make_date(year(x), month(x), 31) AS a, make_date(year(x), n, 1) AS b FROM dates',
      'SELECT id, make_date(2000 + n, 2, 29) AS a, make_date(n, n, n) AS b FROM dates',
      { sql: 'SELECT make_date(x, 1, 1) AS a FROM ints WHERE x IN (16777217, 86400)', outcome: 'both fail' },
    ],
  },
  made('make_timestamp', 'timestamp', ['make_timestamp_ltz', 'try_make_timestamp', 'try_make_timestamp_ltz']),
  made('make_timestamp_ntz', 'timestamp_ntz', ['try_make_timestamp_ntz']),
  {
    name: 'make_dt_interval',
    kind: 'scalar',
    signatures: [
      signature('int', 'interval_day', daySpan),
      signature('int, int', 'interval_day', daySpan),
      signature('int, int, int', 'interval_day', daySpan),
      signature('int, int, int, decimal(18,6)', 'interval_day', daySpan),
    ],
    examples: [
      'SELECT id, x + make_dt_interval(n, n, n, 1.5) AS a, x - make_dt_interval(n) AS b FROM timestamps',
    ],
  },
  {
    name: 'make_ym_interval',
    kind: 'scalar',
    signatures: [
      signature('int', 'interval_month', ([years]) => `to_months(CAST(${years} * 12 AS INTEGER))`),
      signature(
        'int, int',
        'interval_month',
        ([years, months]) => `to_months(CAST(${years} * 12 + ${months} AS INTEGER))`,
      ),
    ],
    examples: ['SELECT id, x + make_ym_interval(0, n) AS a, x - make_ym_interval(n) AS b FROM dates'],
  },
];
