import { decimal, INT, type SqlType } from '../../types.ts';
import { type Constants, type Entry, type PrintedCall, signature } from '../entry.ts';

type Form = (moment: string) => string;

const asInt = (sql: string): string => `CAST(${sql} AS INTEGER)`;

/** Parts of a moment by Spark's name of their function; all are ints. */
const PARTS: Readonly<Record<string, Form>> = {
  year: (moment) => asInt(`year(${moment})`),
  quarter: (moment) => asInt(`quarter(${moment})`),
  month: (moment) => asInt(`month(${moment})`),
  day: (moment) => asInt(`day(${moment})`),
  // Spark counts from Sunday as 1.
  dayofweek: (moment) => asInt(`dayofweek(${moment}) + 1`),
  // And here from Monday as 0.
  weekday: (moment) => asInt(`isodow(${moment}) - 1`),
  dayofyear: (moment) => asInt(`dayofyear(${moment})`),
  weekofyear: (moment) => asInt(`weekofyear(${moment})`),
  hour: (moment) => asInt(`hour(${moment})`),
  minute: (moment) => asInt(`minute(${moment})`),
  second: (moment) => asInt(`second(${moment})`),
};

const TIMES = ['hour', 'minute', 'second'];
const ALIASES: Readonly<Record<string, readonly string[]>> = { day: ['dayofmonth'] };

const FUNCTIONS = Object.entries(PARTS).map(([name, form]): Entry => ({
  name,
  kind: 'scalar',
  ...(ALIASES[name] === undefined ? {} : { aliases: ALIASES[name] }),
  signatures: [signature(TIMES.includes(name) ? 'timestamp' : 'date', INT, ([a]) => form(a ?? ''))],
  examples: [
    `SELECT id, ${name}(x) AS a FROM timestamps`,
    `SELECT id, ${name}(x) AS a FROM local_timestamps`,
  ],
}));

/** Fields of EXTRACT and date_part, with the names that Spark has for each. */
const FIELDS: readonly (readonly [string, Form])[] = [
  ['year y years yr yrs', part('year')],
  ['yearofweek', (moment) => asInt(`isoyear(${moment})`)],
  ['quarter qtr', part('quarter')],
  ['month mon mons months', part('month')],
  ['week w weeks', part('weekofyear')],
  ['day d days', part('day')],
  ['dayofweek dow', part('dayofweek')],
  ['dayofweek_iso dow_iso', (moment) => asInt(`isodow(${moment})`)],
  ['doy', part('dayofyear')],
  ['hour h hours hr hrs', part('hour')],
  ['minute m min mins minutes', part('minute')],
];

const SECOND_NAMES = 's sec second seconds secs'.split(' ');

const FORMS = new Map(
  FIELDS.flatMap(([names, form]) => names.split(' ').map((name) => [name, form] as const)),
);

function part(name: string): Form {
  return PARTS[name] ?? asInt;
}

/** Fields of an interval of days and shorter units, by the microseconds that one more of it takes and the next larger has. */
const SPANS: Readonly<
  Record<string, { readonly unit: number; readonly within?: number; readonly type: string }>
> = {
  day: { unit: 86_400_000_000, type: 'INTEGER' },
  hour: { unit: 3_600_000_000, within: 86_400_000_000, type: 'TINYINT' },
  minute: { unit: 60_000_000, within: 3_600_000_000, type: 'TINYINT' },
};

const SPAN_NAMES = new Map(
  ['day d days', 'hour h hours hr hrs', 'minute m min mins minutes'].flatMap((names) =>
    names.split(' ').map((name) => [name, names.split(' ')[0] ?? ''] as const),
  ),
);

function fieldOf({ constants: [field] }: Constants): string {
  return typeof field === 'string' ? field.toLowerCase() : '';
}

/** Microseconds as a decimal of seconds, which a division would make a double of. */
const asSeconds = (micros: string): string =>
  `CAST(CAST(${micros} AS DECIMAL(8, 0)) * 0.000001 AS DECIMAL(8, 6))`;

const isSecond = (field: string): boolean => SECOND_NAMES.includes(field);

function momentField([, moment = '']: readonly string[], call: PrintedCall): string {
  const field = fieldOf(call);
  if (isSecond(field)) return asSeconds(`microsecond(${moment})`);
  return FORMS.get(field)?.(moment) ?? refused(field, 'a moment', call);
}

function spanField([, span = '']: readonly string[], call: PrintedCall): string {
  const field = fieldOf(call);
  if (/^to_microseconds\(-?\d+\)$/.test(span))
    return call.refuse('A field of a constant interval', 'write the number itself');
  const isDays = call.types[1]?.kind === 'interval_days';
  if (isDays && SPAN_NAMES.get(field) !== 'day') return refused(field, 'an interval of days', call);
  const micros = `epoch_us(${span})`;
  // Fields of a negative interval are negative, and so are quotients and remainders in both engines.
  if (isSecond(field)) return asSeconds(`(${micros} % 60000000)`);
  const of = SPANS[SPAN_NAMES.get(field) ?? ''];
  if (of === undefined) return refused(field, 'an interval', call);
  const rest = of.within === undefined ? micros : `${micros} % ${of.within}`;
  return `CAST((${rest}) // ${of.unit} AS ${of.type})`;
}

function refused(field: string, of: string, { refuse }: PrintedCall): never {
  return refuse(
    `The field ${field} of ${of}`,
    'use YEAR, QUARTER, MONTH, WEEK, DAY, DAYOFWEEK, DOY, HOUR, MINUTE or SECOND',
  );
}

/** A text or a timestamp is read as a date for a field of dates, and as a timestamp for one of times. */
function momentOfField([name, of]: readonly SqlType[], call: Constants): readonly SqlType[] | undefined {
  if (name === undefined || of === undefined || !MOMENTS.includes(of.kind)) return undefined;
  const field = fieldOf(call);
  const isTime = isSecond(field) || TIME_FIELDS.has(field);
  if (of.kind === 'timestamp_ntz' && isTime) return [name, of];
  return [name, { kind: isTime ? 'timestamp' : 'date' }];
}

const MOMENTS = ['date', 'timestamp', 'timestamp_ntz', 'string', 'void'];
const TIME_FIELDS = new Set('hour h hours hr hrs minute m min mins minutes'.split(' '));

function spanType(field: string): SqlType {
  if (isSecond(field)) return decimal(8, 6);
  return SPAN_NAMES.get(field) === 'day' ? INT : { kind: 'tinyint' };
}

const EXTRACT: Entry = {
  name: 'date_part',
  kind: 'scalar',
  aliases: ['datepart'],
  signatures: [
    signature('string!, any', (_args, call) => (isSecond(fieldOf(call)) ? decimal(8, 6) : INT), momentField, {
      samples: { 0: ["'YEAR'", "'week'", "'dow'", "'HOUR'", "'SECOND'"] },
      convert: momentOfField,
    }),
    signature('string!, span', (_args, call) => spanType(fieldOf(call)), spanField, {
      samples: {
        0: ["'DAY'", "'hour'", "'minute'", "'SECOND'"],
        1: ['(c_timestamp - d_timestamp)', '(c_timestamp_ntz - d_timestamp_ntz)'],
      },
    }),
  ],
  examples: [
    ...['YEAROFWEEK', 'QTR', 'MON', 'DAYOFWEEK_ISO', 'DOY', 'HOUR', 'MINUTE', 'SECOND'].map(
      (field) => `SELECT id, extract(${field} FROM x) AS a, date_part('${field}', y) AS b FROM timestamps`,
    ),
    'SELECT id, extract(DAY FROM x - y) AS d, extract(HOUR FROM x - y) AS h, extract(SECOND FROM x - y) AS s FROM timestamps',
    'SELECT id, extract(DAY FROM x - y) AS d FROM dates',
  ],
};

const NAMES: readonly Entry[] = [
  {
    name: 'dayname',
    kind: 'scalar',
    signatures: [signature('date', 'string', ([a]) => `strftime(${a}, '%a')`)],
  },
  {
    name: 'monthname',
    kind: 'scalar',
    signatures: [signature('date', 'string', ([a]) => `strftime(${a}, '%b')`)],
  },
];

/** Parts of dates and timestamps, and EXTRACT, which the parser writes as date_part. */
export const PART_FUNCTIONS: readonly Entry[] = [...FUNCTIONS, EXTRACT, ...NAMES];
