import { BIGINT, duckDbType, INT, isFloating, isIntegral, type SqlType } from '../../types.ts';
import { type Entry, type Signature, signature } from '../entry.ts';
import { once, stop } from '../once.ts';
import { lowBits, wideType, wrapped } from '../wrapped.ts';
import {
  DECIMAL_PRODUCT,
  DECIMAL_QUOTIENT,
  decimalRemainder,
  decimalSum,
  WHOLE_DECIMAL_QUOTIENT,
} from './decimals.ts';
import { common, numbers } from './operands.ts';

const first = ([a]: readonly SqlType[]): SqlType => a ?? { kind: 'double' };

/** Both sides as their common integer type. */
export function ofIntegers(duckdb: (a: string, b: string, type: SqlType) => string): Signature {
  return signature('number, number', first, ([a = '', b = ''], { result }) => duckdb(a, b, result), {
    convert: (args) => common(args, isIntegral),
  });
}

/** Both sides as their common type of floats. */
export function ofFloats(duckdb: (a: string, b: string, type: SqlType) => string): Signature {
  return signature('number, number', first, ([a = '', b = ''], { result }) => duckdb(a, b, result), {
    convert: (args) => common(args, isFloating),
  });
}

function arithmetic(name: '+' | '-' | '*'): Entry {
  return {
    name,
    kind: 'scalar',
    signatures: [
      ofIntegers((a, b, type) => wrapped([a, b], name, type)),
      name === '*' ? DECIMAL_PRODUCT : decimalSum(name),
      ofFloats((a, b) => `(${a} ${name} ${b})`),
    ],
    examples: [
      `SELECT id, x ${name} 1 AS a, x ${name} -2 AS b, 10 ${name} x AS c FROM decimals`,
      `SELECT id, c_decimal_10_2 ${name} c_int AS a, c_decimal_18_6 ${name} c_tinyint AS b FROM everything`,
      `SELECT id, c_int ${name} c_bigint AS a, c_smallint ${name} c_float AS b, c_decimal_10_2 ${name} c_double AS c FROM everything`,
      `SELECT id, x ${name} '2' AS a, '1.5' ${name} x AS b, x ${name} NULL AS c FROM ints`,
      `SELECT id, x ${name} y ${name} n ${name} x AS a FROM bigints`,
    ],
  };
}

/** With ANSI mode off, a division by zero gives NULL. */
const QUOTIENT: Signature = signature('number, number', 'double', ([a, b]) => `(${a} / nullif(${b}, 0))`, {
  convert: (args) => {
    const pair = numbers(args);
    return pair === undefined ? undefined : pair.map(() => ({ kind: 'double' }));
  },
});

/** The remainder of the smallest integer by -1 is calculated in a wider type, because DuckDB fails on it. */
function remainder(a: string, b: string, type: SqlType): string {
  const wide = wideType(type);
  return `CAST(CAST(${a} AS ${wide}) % CAST(${b} AS ${wide}) AS ${duckDbType(type)})`;
}

/** Digits that Scala keeps when it negates a decimal. */
const NEGATED_DIGITS = 34;

/** Spark rounds a negated decimal of more than 34 digits, and fails if it then has more than 38. */
export function negated(x: string, type: SqlType): string {
  if (type.kind !== 'decimal' || type.precision <= NEGATED_DIGITS) return `(-${x})`;
  return `(CASE WHEN abs(${x}) >= ${tooLong(type)} THEN ${TOO_LONG} ELSE -${x} END)`;
}

/** The smallest decimal of 35 digits. */
export function tooLong({ scale, precision }: SqlType & { readonly kind: 'decimal' }): string {
  const whole = NEGATED_DIGITS - scale;
  const number = whole >= 0 ? `1${'0'.repeat(whole)}` : `0.${'0'.repeat(-whole - 1)}1`;
  return `CAST('${number}' AS DECIMAL(${precision}, ${scale}))`;
}

export const TOO_LONG = stop('a negative decimal has more than 34 digits; cast it to one of fewer');

export const ARITHMETIC: readonly Entry[] = [
  arithmetic('+'),
  arithmetic('-'),
  arithmetic('*'),
  {
    name: '/',
    kind: 'scalar',
    signatures: [DECIMAL_QUOTIENT, QUOTIENT],
    examples: [
      'SELECT id, x / y AS a, x / 3 AS b, 10 / x AS c, x / n AS d FROM decimals',
      'SELECT id, x / y AS a, x / 7 AS b FROM fine_decimals',
      'SELECT id, c_decimal_10_2 / c_int AS a, c_decimal_10_2 / c_double AS b, c_int / c_tinyint AS c FROM everything',
      "SELECT id, x / '2' AS a, x / NULL AS b, 1 / (x - x) AS c FROM ints",
      'SELECT id, (x + y) / (x - y) / (y + 1) AS a FROM decimals',
    ],
  },
  {
    name: '%',
    kind: 'scalar',
    signatures: [
      ofIntegers(remainder),
      decimalRemainder((a, b) => `(${a} % ${b})`),
      ofFloats((a, b) => `(${a} % nullif(${b}, 0))`),
    ],
    examples: [
      'SELECT id, x % 3 AS a, x % -2 AS b, -7 % x AS c, x % n AS d FROM decimals',
      'SELECT id, x % -1 AS a, 7 % x AS b, x % 2.5 AS c FROM bigints',
      "SELECT id, x % 0 AS a, x % '3' AS b FROM doubles",
    ],
  },
  {
    name: 'DIV',
    kind: 'scalar',
    signatures: [
      signature(
        'number, number',
        BIGINT,
        ([a, b]) => lowBits(`CAST(${a} AS HUGEINT) // CAST(${b} AS HUGEINT)`, BIGINT),
        {
          convert: (args) => (common(args, isIntegral) === undefined ? undefined : [BIGINT, BIGINT]),
        },
      ),
      WHOLE_DECIMAL_QUOTIENT,
    ],
    examples: [
      'SELECT id, x DIV y AS a, x DIV 7 AS b, x DIV -1 AS c FROM bigints',
      'SELECT id, x DIV y AS a, x DIV 3 AS b, 1000 DIV x AS c FROM decimals',
      'SELECT id, c_tinyint DIV c_int AS a, c_int DIV 2.5 AS b FROM everything',
    ],
  },
  {
    name: 'NEGATE',
    kind: 'scalar',
    signatures: [
      // A bare NULL becomes a double, so floats come first.
      signature('floating', first, ([a]) => `(-${a})`),
      signature('integral', first, ([a = ''], { result }) => wrapped(['0', a], '-', result)),
      signature('decimal', first, ([a = ''], { result }) => once([a], ([x = '']) => negated(x, result))),
    ],
    examples: [
      'SELECT id, -x AS a, - -x AS b, -(x + 1) AS c FROM ints',
      "SELECT -'5' AS a, -NULL AS b",
      { sql: 'SELECT id, -x AS a FROM wide_decimals', outcome: 'both fail' },
      {
        sql: 'SELECT id, -x AS a FROM wide_decimals WHERE x = 50000000000000000000000000000000000000',
        outcome: 'stopped',
      },
    ],
  },
];

/** The remainder made positive if the divisor is: `pmod`. */
export const POSITIVE_REMAINDER: readonly Signature[] = [
  ofIntegers((a, b, type) =>
    once([a, b], ([x = '', y = '']) => {
      const wide = wideType(type);
      const [n, d] = [`CAST(${x} AS ${wide})`, `CAST(${y} AS ${wide})`];
      const shifted = `CAST(${lowBits(`${n} % ${d} + ${d}`, type.kind === 'bigint' ? BIGINT : INT)} AS ${wide})`;
      return `CAST(CASE WHEN ${n} % ${d} < 0 THEN ${shifted} % ${d} ELSE ${n} % ${d} END AS ${duckDbType(type)})`;
    }),
  ),
  decimalRemainder(
    (a, b) => `(CASE WHEN ${a} % ${b} < 0 THEN (${a} % ${b} + ${b}) % ${b} ELSE ${a} % ${b} END)`,
  ),
  ofFloats((a, b) =>
    once([a, `nullif(${b}, 0)`], ([x = '', y = '']) => {
      return `(CASE WHEN ${x} % ${y} < 0 THEN (${x} % ${y} + ${y}) % ${y} ELSE ${x} % ${y} END)`;
    }),
  ),
];
