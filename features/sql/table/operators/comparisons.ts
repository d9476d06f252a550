import { BOOLEAN, isNumeric, sameType, type SqlType, VOID } from '../../types.ts';
import { widerNumber } from '../../wider-type.ts';
import { tightest } from '../collections/tightest.ts';
import { type Entry, signature } from '../entry.ts';
import { orderKey } from '../order-key.ts';

const MOMENTS = ['date', 'timestamp', 'timestamp_ntz'];
const ORDER = ['<', '<=', '>', '>='];
const EQUALITY = ['=', '<>', '<=>'];

/** Spark's common type of two sides of a comparison (`TypeCoercion.findCommonTypeForBinaryComparison`). */
export function comparable(name: string, a: SqlType, b: SqlType): SqlType | undefined {
  if (sameType(a, b)) return a.kind === 'map' ? undefined : a;
  if (a.kind === 'void') return b;
  if (b.kind === 'void') return a;
  if (isNumeric(a) && isNumeric(b)) return widerNumber(a, b);
  if (a.kind === 'string') return besideText(b);
  if (b.kind === 'string') return besideText(a);
  if (MOMENTS.includes(a.kind) && MOMENTS.includes(b.kind))
    return [a.kind, b.kind].includes('timestamp') ? { kind: 'timestamp' } : { kind: 'timestamp_ntz' };
  if (a.kind === 'array' || a.kind === 'struct') return tightest(a, b);
  return EQUALITY.includes(name) ? besideBoolean(a, b) : undefined;
}

/** A text beside a number or a moment is read as one; beside a decimal with a fraction both become doubles. */
function besideText(other: SqlType): SqlType | undefined {
  if (other.kind === 'decimal' && other.scale > 0) return { kind: 'double' };
  const reads = isNumeric(other) || MOMENTS.includes(other.kind);
  return reads || other.kind === 'boolean' || other.kind === 'binary' ? other : undefined;
}

/** A boolean equals a number if it is 1 for true and 0 for false. */
function besideBoolean(a: SqlType, b: SqlType): SqlType | undefined {
  if (a.kind === 'boolean' && isNumeric(b)) return b;
  return b.kind === 'boolean' && isNumeric(a) ? a : undefined;
}

function comparison(name: string, duckdb = name): Entry {
  return {
    name,
    kind: 'scalar',
    signatures: [
      signature(
        'any, any',
        BOOLEAN,
        ([a = '', b = ''], { types: [type = VOID] }) => {
          const sides = ORDER.includes(name) ? [orderKey(a, type), orderKey(b, type)] : [a, b];
          return `(${sides.join(` ${duckdb} `)})`;
        },
        {
          convert: ([a, b]) => {
            const type = a === undefined || b === undefined ? undefined : comparable(name, a, b);
            return type === undefined ? undefined : [type, type];
          },
        },
      ),
    ],
    examples: [
      `SELECT id, c_int ${name} c_bigint AS a, c_int ${name} c_double AS b, c_bigint ${name} c_float AS c, c_decimal_10_2 ${name} c_int AS d, c_decimal_18_6 ${name} c_double AS e FROM everything`,
      `SELECT id, c_int ${name} c_string AS a, c_double ${name} c_string AS b, c_string ${name} c_bigint AS c, c_decimal_10_2 ${name} c_string AS d FROM everything`,
      `SELECT id, c_date ${name} c_timestamp AS a, c_date ${name} c_string AS b, c_string ${name} c_timestamp AS c, c_boolean ${name} c_string AS d FROM everything WHERE c_string IS NULL OR c_string <> '12:34:56'`,
      { sql: `SELECT c_string ${name} c_timestamp AS a FROM everything`, outcome: 'stopped' },
      `SELECT id, x ${name} NULL AS a, x ${name} 1.5 AS b, x ${name} '2' AS c FROM ints`,
      `SELECT id, c_string ${name} c_decimal_38_0 AS a, c_decimal_38_0 ${name} c_string AS b, c_string ${name} CAST(c_int AS DECIMAL(10, 0)) AS c, c_string ${name} c_decimal_18_6 AS d FROM everything`,
      `SELECT id, array(c_int) ${name} array(c_double) AS a, struct(c_int AS v) ${name} struct(c_bigint AS v) AS b FROM everything`,
    ],
  };
}

export const COMPARISONS: readonly Entry[] = [
  comparison('='),
  comparison('<>'),
  comparison('<'),
  comparison('<='),
  comparison('>'),
  comparison('>='),
  comparison('<=>', 'IS NOT DISTINCT FROM'),
  {
    name: 'IN',
    kind: 'scalar',
    signatures: [
      signature('orderable', BOOLEAN, ([a, ...items]) => `(${a} IN (${items.join(', ')}))`, {
        rest: 'orderable',
      }),
    ],
    examples: [
      "SELECT id, x IN (1, 2, NULL) AS a, x IN (1.0, 2.5) AS b, x IN ('1', '7') AS c, x NOT IN (3) AS d FROM ints",
      "SELECT id, x IN (double('nan'), 0, 1.5) AS a, x IN (y, 0.1) AS b FROM doubles",
      "SELECT id, x IN ('2024-02-29', '2024-01-01') AS a, x NOT IN (NULL) AS b FROM dates",
    ],
  },
];
