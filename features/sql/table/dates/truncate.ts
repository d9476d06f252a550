import { type Entry, type PrintedCall, signature } from '../entry.ts';
import { once } from '../once.ts';

/** Units of trunc, which are also those of date_trunc, by DuckDB's name. */
const DATE_UNITS: Readonly<Record<string, readonly string[]>> = {
  year: ['YEAR', 'YYYY', 'YY'],
  quarter: ['QUARTER'],
  month: ['MONTH', 'MM', 'MON'],
  week: ['WEEK'],
};

const UNITS: Readonly<Record<string, readonly string[]>> = {
  ...DATE_UNITS,
  day: ['DAY', 'DD'],
  hour: ['HOUR'],
  minute: ['MINUTE'],
  second: ['SECOND'],
  millisecond: ['MILLISECOND'],
  microsecond: ['MICROSECOND'],
};

/** An unknown unit gives NULL in Spark. A unit from a column is looked up row by row. */
function truncated(
  units: Readonly<Record<string, readonly string[]>>,
  type: 'DATE' | 'TIMESTAMP',
  moment: string,
  unit: string,
  constant: unknown,
): string {
  const cut = (of: string, at: string): string => `CAST(date_trunc('${of}', ${at}) AS ${type})`;
  if (typeof constant === 'string') {
    const found = Object.entries(units).find(([, names]) => names.includes(constant.toUpperCase()));
    return found === undefined ? `CAST(NULL AS ${type})` : cut(found[0], moment);
  }
  return once([moment, unit], ([at = '', of = '']) => {
    const branches = Object.entries(units).map(
      ([name, names]) =>
        `WHEN upper(${of}) IN (${names.map((each) => `'${each}'`).join(', ')}) THEN ${cut(name, at)}`,
    );
    return `(CASE ${branches.join(' ')} END)`;
  });
}

const DAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const DAY_NAMES = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'];

/** Spark's names of a day of the week: `MO`, `MON`, `MONDAY`; 1 is Monday. */
function dayNumber(name: string): number | undefined {
  const upper = name.toUpperCase();
  const found = DAYS.findIndex(
    (short, index) =>
      upper === short || upper === DAY_NAMES[index]?.slice(0, 3) || upper === DAY_NAMES[index],
  );
  return found === -1 ? undefined : found + 1;
}

function nextDay(
  [date = '', name = '']: readonly string[],
  { constants: [, constant] }: PrintedCall,
): string {
  const next = (of: string, day: string): string =>
    `(${of} + CAST((${day} - isodow(${of}) + 6) % 7 + 1 AS INTEGER))`;
  if (typeof constant === 'string') {
    const day = dayNumber(constant);
    return day === undefined ? 'CAST(NULL AS DATE)' : once([date], ([of = '']) => next(of, String(day)));
  }
  return once([date, name], ([of = '', text = '']) => {
    const branches = DAYS.map((short, index) => {
      const full = DAY_NAMES[index] ?? '';
      return `WHEN upper(${text}) IN ('${short}', '${full.slice(0, 3)}', '${full}') THEN ${index + 1}`;
    });
    return next(of, `(CASE ${branches.join(' ')} END)`);
  });
}

/** Functions that give the first or last day of a period, or its start. */
export const TRUNCATIONS: readonly Entry[] = [
  {
    name: 'trunc',
    kind: 'scalar',
    signatures: [
      signature('date, string', 'date', ([date = '', unit = ''], { constants }) =>
        truncated(DATE_UNITS, 'DATE', date, unit, constants[1]),
      ),
    ],
    examples: [
      "SELECT id, trunc(x, 'MM') AS a, trunc(x, 'year') AS b, trunc(x, 'WEEK') AS c, trunc(x, 'DAY') AS d FROM dates",
      "SELECT id, trunc(x, CASE n WHEN 1 THEN 'month' WHEN 2 THEN 'YY' ELSE 'no' END) AS a FROM timestamps",
    ],
  },
  {
    name: 'date_trunc',
    kind: 'scalar',
    signatures: [
      signature('string, timestamp', 'timestamp', ([unit = '', moment = ''], { constants }) =>
        truncated(UNITS, 'TIMESTAMP', moment, unit, constants[0]),
      ),
    ],
    examples: [
      ...['year', 'QUARTER', 'mon', 'week', 'DD', 'hour', 'minute', 'second', 'millisecond', 'decade'].map(
        (unit) => `SELECT id, date_trunc('${unit}', x) AS a FROM timestamps`,
      ),
      "SELECT id, date_trunc('month', x) AS a, date_trunc('hour', x) AS b FROM dates",
    ],
  },
  {
    name: 'last_day',
    kind: 'scalar',
    signatures: [signature('date', 'date', ([date]) => `last_day(${date})`)],
  },
  {
    name: 'next_day',
    kind: 'scalar',
    signatures: [signature('date, string', 'date', nextDay)],
    examples: [
      "SELECT id, next_day(x, 'MO') AS a, next_day(x, 'sunday') AS b, next_day(x, 'no') AS c FROM dates",
      "SELECT id, next_day(x, CASE n WHEN 1 THEN 'Fri' WHEN 2 THEN 'TU' ELSE 'x' END) AS a FROM dates",
    ],
  },
];
