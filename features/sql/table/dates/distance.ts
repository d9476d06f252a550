import { type Entry, type PrintedCall, signature } from '../entry.ts';
import { once } from '../once.ts';
import { MICROSECONDS } from './shift.ts';

const monthNumber = (of: string): string => `(year(${of}) * 12 + month(${of}))`;

/**
 * Months of which 31 days make one, unless both are the same day of their month or the last one (Spark,
 * `DateTimeUtils.monthsBetween`). Counts whole seconds.
 */
function months([later = '', earlier = '']: readonly string[]): string {
  return once([later, earlier], ([a = '', b = '']) => {
    const secondOfDay = (of: string): string => `hour(${of}) * 3600 + minute(${of}) * 60 + second(${of})`;
    const difference = `${monthNumber(a)} - ${monthNumber(b)}`;
    const seconds = `(day(${a}) - day(${b})) * 86400 + (${secondOfDay(a)}) - (${secondOfDay(b)})`;
    const last = (of: string): string => `CAST(${of} AS DATE) = last_day(${of})`;
    return (
      `CASE WHEN day(${a}) = day(${b}) OR ${last(a)} AND ${last(b)} THEN CAST(${difference} AS DOUBLE) ` +
      `ELSE (${difference}) + CAST(${seconds} AS DOUBLE) / 2678400 END`
    );
  });
}

/** Java's `Math.round`, to 8 digits. */
const rounded = (sql: string): string => `(floor((${sql}) * 1e8 + 0.5) / 1e8)`;

function monthsBetween(args: readonly string[], { constants: [, , rounds] }: PrintedCall): string {
  if (args.length === 2 || rounds === true) return rounded(months(args));
  if (rounds === false) return `(${months(args)})`;
  return once([args[0] ?? '', args[1] ?? '', args[2] ?? ''], ([a = '', b = '', c = '']) => {
    const difference = months([a, b]);
    return `CASE WHEN ${c} THEN ${rounded(difference)} WHEN NOT ${c} THEN ${difference} END`;
  });
}

const MONTHS: Readonly<Record<string, number>> = { MONTH: 1, QUARTER: 3, YEAR: 12 };

/** Whole units from `start` to `end`, as Java's `ChronoUnit.between` counts them. */
function unitsBetween([, start = '', end = '']: readonly string[], call: PrintedCall): string {
  const unit = String(call.constants[0]);
  if (unit === 'DAYOFYEAR') return call.refuse('The distance in DAYOFYEAR', 'use DAY');
  const months = MONTHS[unit];
  if (months === undefined) return `((epoch_us(${end}) - epoch_us(${start})) // ${MICROSECONDS[unit] ?? 1})`;
  return once([start, end], ([a = '', b = '']) => {
    const day = (of: string): string => `CAST(${of} AS DATE)`;
    const time = (of: string): string => `CAST(${of} AS TIME)`;
    // A last day that has not passed to the time of the first does not count.
    const until =
      `(${day(b)} + CASE WHEN ${day(b)} > ${day(a)} AND ${time(b)} < ${time(a)} THEN -1 ` +
      `WHEN ${day(b)} < ${day(a)} AND ${time(b)} > ${time(a)} THEN 1 ELSE 0 END)`;
    return once([until, a], ([to = '', from = '']) => {
      const number = (of: string): string => `${monthNumber(of)} * 32 + day(${of})`;
      return `((${number(to)} - (${number(from)})) // 32 // ${months})`;
    });
  });
}

const UNITS = ['MICROSECOND', 'SECOND', 'HOUR', 'DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR'];

const withUnit = signature('unit, timestamp, timestamp', 'bigint', unitsBetween, { samples: { 0: UNITS } });

/** Functions of the time between two moments. */
export const DISTANCES: readonly Entry[] = [
  {
    name: 'datediff',
    kind: 'scalar',
    aliases: ['date_diff'],
    signatures: [signature('date, date', 'int', ([a, b]) => `CAST(${a} - ${b} AS INTEGER)`), withUnit],
    examples: [
      'SELECT id, datediff(x, y) AS a, datediff(MONTH, x, y) AS b, datediff(YEAR, x, y) AS c FROM timestamps',
      'SELECT id, datediff(x, y) AS a, datediff(MONTH, x, y) AS b, datediff(WEEK, x, y) AS c FROM dates',
    ],
  },
  {
    name: 'timestampdiff',
    kind: 'scalar',
    signatures: [withUnit],
    examples: [
      'SELECT id, timestampdiff(MINUTE, x, y) AS a, timestampdiff(QUARTER, x, y) AS b FROM local_timestamps',
    ],
  },
  {
    name: 'months_between',
    kind: 'scalar',
    signatures: [
      signature('timestamp, timestamp', 'double', monthsBetween),
      signature('timestamp, timestamp, boolean', 'double', monthsBetween),
    ],
    examples: [
      'SELECT id, months_between(x, y) AS a, months_between(x, y, false) AS b FROM dates',
      'SELECT id, months_between(x, y) AS a, months_between(x, y, false) AS b FROM local_timestamps',
    ],
  },
];
