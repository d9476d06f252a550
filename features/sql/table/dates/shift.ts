import { type Entry, type PrintedCall, signature } from '../entry.ts';
import { once } from '../once.ts';
import { lowBits } from '../wrapped.ts';

/** Days since 1970 as a bigint. */
export function daysOf(date: string): string {
  return `(${date} - DATE '1970-01-01')`;
}

/** A date from its number. Later ones, to which DuckDB could add no months, are refused. */
export function dateOf(number: string): string {
  const outside = "error('millrace: a date is out of range')";
  return `CASE WHEN abs(CAST(${number} AS BIGINT)) > 105000000 THEN ${outside} ELSE DATE '1970-01-01' + ${number} END`;
}

/** A date some days later or earlier. A number of days from a column wraps around as in Java. */
export function dayShift(date: string, sign: '+' | '-', days: string, constant: unknown): string {
  if (constant !== undefined) return `(${date} ${sign} CAST(${days} AS INTEGER))`;
  return once([date, days], ([d = '', n = '']) => {
    const number = lowBits(`${daysOf(d)} ${sign} ${n}`, { kind: 'int' });
    return `(${dateOf(number)})`;
  });
}

/** A date some months later; a day that the month lacks becomes the month's last day, in both engines. */
export function monthShift(date: string, months: string): string {
  return `CAST(${date} + to_months(${months}) AS DATE)`;
}

const MONTHS: Readonly<Record<string, number>> = { MONTH: 1, QUARTER: 3, YEAR: 12 };

export const MICROSECONDS: Readonly<Record<string, number>> = {
  MICROSECOND: 1,
  MILLISECOND: 1_000,
  SECOND: 1_000_000,
  MINUTE: 60_000_000,
  HOUR: 3_600_000_000,
  DAY: 86_400_000_000,
  DAYOFYEAR: 86_400_000_000,
  WEEK: 604_800_000_000,
};

function unitShift(
  [, amount = '', moment = '']: readonly string[],
  { constants: [unit] }: PrintedCall,
): string {
  const name = String(unit);
  const months = MONTHS[name];
  if (months !== undefined) return `(${moment} + to_months(CAST(${amount} * ${months} AS INTEGER)))`;
  return `(${moment} + to_microseconds(${amount} * ${MICROSECONDS[name] ?? 0}))`;
}

const UNITS = ['DAY', 'HOUR', 'WEEK', 'MONTH', 'QUARTER', 'YEAR', 'MICROSECOND'];

const withUnit = [
  signature('unit, bigint, timestamp', 'timestamp', unitShift, { samples: { 0: UNITS } }),
  signature('unit, bigint, timestamp_ntz', 'timestamp_ntz', unitShift, { samples: { 0: UNITS } }),
];

/** Functions that move a date or a timestamp. */
export const SHIFTS: readonly Entry[] = [
  {
    name: 'date_add',
    kind: 'scalar',
    aliases: ['dateadd'],
    signatures: [
      signature('date, small', 'date', ([date = '', days = ''], { constants }) =>
        dayShift(date, '+', days, constants[1]),
      ),
      ...withUnit,
    ],
    examples: [
      'SELECT id, date_add(x, 30) AS a, date_add(x, n) AS b, date_add(x, -1) AS c FROM timestamps',
      'SELECT id, dateadd(MONTH, n, x) AS a, dateadd(DAY, 1, x) AS b FROM dates',
      'SELECT id, dateadd(MONTH, n, x) AS a, dateadd(HOUR, 36, x) AS b FROM local_timestamps',
      { sql: 'SELECT dateadd(HOUR, c_bigint, c_timestamp) AS a FROM everything', outcome: 'both fail' },
    ],
  },
  {
    name: 'date_sub',
    kind: 'scalar',
    signatures: [
      signature('date, small', 'date', ([date = '', days = ''], { constants }) =>
        dayShift(date, '-', days, constants[1]),
      ),
    ],
    examples: ['SELECT id, date_sub(x, 30) AS a, date_sub(x, n) AS b FROM timestamps'],
  },
  {
    name: 'timestampadd',
    kind: 'scalar',
    signatures: withUnit,
    examples: [
      'SELECT id, timestampadd(MINUTE, n, x) AS a, timestampadd(YEAR, n, x) AS b FROM timestamps',
      { sql: 'SELECT timestampadd(DAY, c_bigint, c_timestamp) AS a FROM everything', outcome: 'both fail' },
      { sql: 'SELECT timestampadd(YEAR, c_int, c_timestamp) AS a FROM everything', outcome: 'both fail' },
    ],
  },
  {
    name: 'add_months',
    kind: 'scalar',
    signatures: [signature('date, int', 'date', ([date = '', months = '']) => monthShift(date, months))],
    examples: [
      'SELECT id, add_months(x, 1) AS a, add_months(x, -12) AS b, add_months(x, n) AS c FROM dates',
      'SELECT id, add_months(x, n) AS a FROM timestamps',
      { sql: 'SELECT add_months(c_date, c_int) AS a FROM everything', outcome: 'both fail' },
    ],
  },
];
