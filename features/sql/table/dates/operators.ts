import { BOOLEAN, TIMESTAMP } from '../../types.ts';
import { type Entry, type Signature, signature } from '../entry.ts';
import { exact } from './exact.ts';
import { dayShift } from './shift.ts';

type Form = Signature['duckdb'];

const micros = (span: string): string => `epoch_us(${span})`;
const span = (count: string): string => `to_microseconds(${count})`;

/** A moment and a number of days or an interval. */
function shifts(sign: '+' | '-'): Signature[] {
  const moved: Form = ([moment, by]) => `(${moment} ${sign} ${by})`;
  const days: Form = ([d = '', n = ''], { constants }) => dayShift(d, sign, n, constants[1]);
  const wholeDays: Form = ([d, by = '']) => `(${d} ${sign} CAST(${micros(by)} // 86400000000 AS INTEGER))`;
  return [
    exact('moment, small', ['date'], 'date', days),
    exact('moment, interval_days', ['date'], 'date', wholeDays),
    exact(
      'moment, interval_day',
      ['date'],
      'timestamp',
      ([d, by]) => `(CAST(${d} AS TIMESTAMP) ${sign} ${by})`,
    ),
    exact('moment, interval_month', ['date'], 'date', ([d, by]) => `CAST(${d} ${sign} ${by} AS DATE)`),
    ...(['timestamp', 'timestamp_ntz'] as const).flatMap((kind) => [
      exact('moment, span', [kind], kind, moved),
      exact('moment, interval_month', [kind], kind, moved),
    ]),
  ];
}

/** `a + b` as `b + a`. */
function mirrored({ params: [first, second], convert, result, duckdb }: Signature): Signature {
  if (first === undefined || second === undefined) throw new TypeError('An operator has two operands.');
  return {
    params: [second, first],
    result,
    convert: (args, { constants }) =>
      convert === undefined
        ? args
        : convert(args.toReversed(), { constants: constants.toReversed() })?.toReversed(),
    duckdb: ([a = '', b = ''], call) =>
      duckdb([b, a], { ...call, types: call.types.toReversed(), constants: call.constants.toReversed() }),
  };
}

/** Of two moments, the whole time between them. */
const MOMENT_DIFFERENCES: readonly Signature[] = [
  exact('moment, moment', ['date', 'date'], 'interval_days', ([a, b]) => span(`(${a} - ${b}) * 86400000000`)),
  signature('moment, moment', 'interval_day', ([a, b]) => span(`${micros(a ?? '')} - ${micros(b ?? '')}`), {
    convert: (args) =>
      args.every(({ kind }) => kind === 'date')
        ? undefined
        : args.map((type) => (type.kind === 'date' ? TIMESTAMP : type)),
  }),
];

/** Intervals with each other. Of two of whole days, days; otherwise a day-time interval. */
function spans(sign: '+' | '-'): Signature[] {
  const sum: Form = ([a = '', b = '']) => span(`${micros(a)} ${sign} ${micros(b)}`);
  return [
    exact('span, span', ['interval_days', 'interval_days'], 'interval_days', sum),
    exact('span, span', [], 'interval_day', sum),
    exact('interval_month, interval_month', [], 'interval_month', ([a, b]) => `(${a} ${sign} ${b})`),
  ];
}

const PRODUCTS: readonly Signature[] = [
  signature('span, integral', 'interval_day', ([a = '', n]) => span(`${micros(a)} * CAST(${n} AS BIGINT)`)),
  signature('interval_month, integral', 'interval_month', ([a, n]) => `(${a} * ${n})`),
];

function comparison(name: string, duckdb = name): Entry {
  return {
    name,
    kind: 'scalar',
    signatures: [
      signature('span, span', BOOLEAN, ([a = '', b = '']) => `(${micros(a)} ${duckdb} ${micros(b)})`),
    ],
    examples: [`SELECT id, x - y ${name} INTERVAL 30 DAYS AS a FROM timestamps`],
  };
}

const on = (of: string, table: string): string => `SELECT id, ${of} AS a FROM ${table}`;

/** What the operators of the same names do with dates, timestamps and intervals. */
export const MOMENT_OPERATORS: readonly Entry[] = [
  {
    name: '+',
    kind: 'scalar',
    signatures: [...shifts('+'), ...shifts('+').map(mirrored), ...spans('+')],
    examples: [
      on('x + 7', 'dates'),
      on('n + x', 'dates'),
      on('x + INTERVAL 1 MONTH', 'dates'),
      on('x + INTERVAL 1 DAY', 'dates'),
      on('x + INTERVAL 36 HOURS', 'dates'),
      on('INTERVAL 1 YEAR + x', 'timestamps'),
      on('x + INTERVAL 1 DAY 2 HOURS', 'timestamps'),
      on('x + (INTERVAL 1 DAY + INTERVAL 1 DAY)', 'dates'),
      on('x + INTERVAL 3 MINUTES', 'local_timestamps'),
      on('x + n * INTERVAL 1 DAY', 'dates'),
      on('x + INTERVAL 1 MONTH * n', 'timestamps'),
    ],
  },
  {
    name: '-',
    kind: 'scalar',
    signatures: [...shifts('-'), ...MOMENT_DIFFERENCES, ...spans('-')],
    examples: [
      on('x - 7', 'dates'),
      on('x - n', 'dates'),
      on('x - INTERVAL 1 MONTH', 'dates'),
      on('x - INTERVAL 2 WEEKS', 'dates'),
      on('x - INTERVAL 1 SECOND', 'dates'),
      on('x - INTERVAL 1 YEAR', 'timestamps'),
      on('x - (y - x)', 'dates'),
      on('x - (y - x)', 'timestamps'),
    ],
  },
  { name: '*', kind: 'scalar', signatures: [...PRODUCTS, ...PRODUCTS.map(mirrored)] },
  {
    name: 'NEGATE',
    kind: 'scalar',
    signatures: [
      exact('span', ['interval_days'], 'interval_days', ([a = '']) => span(`-${micros(a)}`)),
      exact('span', ['interval_day'], 'interval_day', ([a = '']) => span(`-${micros(a)}`)),
      signature('interval_month', 'interval_month', ([a]) => `(-${a})`),
    ],
  },
  comparison('='),
  comparison('<>'),
  comparison('<'),
  comparison('<='),
  comparison('>'),
  comparison('>='),
];
