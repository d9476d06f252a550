import { BIGINT, BOOLEAN, DOUBLE, type SqlType } from '../../types.ts';
import { widerType } from '../../wider-type.ts';
import { castSql } from '../casts.ts';
import { type Entry, signature } from '../entry.ts';
import { once } from '../once.ts';
import { wrapped } from '../wrapped.ts';

/** The largest or smallest of values that are not NULL. Unlike elsewhere, a text beside a number is not allowed. */
function extreme(name: 'greatest' | 'least'): Entry {
  return {
    name,
    kind: 'scalar',
    signatures: [
      signature(
        'simple, simple',
        ([a]) => a ?? DOUBLE,
        (args) => `${name}(${args.join(', ')})`,
        {
          rest: 'simple',
          convert: (args) => {
            const type = args.reduce<SqlType | undefined>(wider, { kind: 'void' });
            return type === undefined || type.kind === 'void' ? undefined : args.map(() => type);
          },
        },
      ),
    ],
    examples: [
      `SELECT id, ${name}(c_int, c_bigint, c_double) AS a, ${name}(c_decimal_10_2, c_int) AS b, ${name}(c_date, c_timestamp) AS c FROM everything`,
      `SELECT id, ${name}(x, y) AS a, ${name}(x, NULL, 0) AS b FROM doubles`,
      `SELECT id, ${name}(x, y, 'm') AS a FROM strings`,
    ],
  };
}

function wider(a: SqlType | undefined, b: SqlType): SqlType | undefined {
  if (a === undefined) return undefined;
  const texts = [a, b].filter(({ kind }) => kind === 'string').length;
  return texts === 1 && a.kind !== 'void' && b.kind !== 'void' ? undefined : widerType(a, b);
}

function bucket(count: string, distance: string, range: string): string {
  const before = castSql(`(CAST(${count} AS DOUBLE) * (${distance}) / (${range}))`, DOUBLE, BIGINT);
  return wrapped([before, '1'], '+', BIGINT);
}

const WIDTH_BUCKET: Entry = {
  name: 'width_bucket',
  kind: 'scalar',
  signatures: [
    signature('double, double, double, bigint', BIGINT, (args) =>
      once(args, ([v = '', low = '', high = '', n = '']) => {
        const invalid = `${n} <= 0 OR ${n} = 9223372036854775807 OR isnan(${v}) OR ${low} = ${high} OR NOT isfinite(${low}) OR NOT isfinite(${high})`;
        const upwards = `WHEN ${v} < ${low} THEN 0 WHEN ${v} >= ${high} THEN ${n} + 1 ELSE ${bucket(n, `${v} - ${low}`, `${high} - ${low}`)}`;
        const downwards = `WHEN ${v} > ${low} THEN 0 WHEN ${v} <= ${high} THEN ${n} + 1 ELSE ${bucket(n, `${low} - ${v}`, `${low} - ${high}`)}`;
        return `(CASE WHEN ${v} IS NULL OR ${low} IS NULL OR ${high} IS NULL OR ${n} IS NULL OR ${invalid} THEN NULL WHEN ${low} < ${high} THEN CASE ${upwards} END ELSE CASE ${downwards} END END)`;
      }),
    ),
  ],
  examples: [
    'SELECT id, width_bucket(x, 0, 100, 10) AS a, width_bucket(x, 5, -5, 4) AS b, width_bucket(x, y, 3, 5) AS c FROM doubles',
    'SELECT id, width_bucket(x, -10, 10, n) AS a FROM ints',
  ],
};

/** Functions of floats that know NaN, and the largest and smallest of values. */
export const FLOATS: readonly Entry[] = [
  extreme('greatest'),
  extreme('least'),
  {
    name: 'isnan',
    kind: 'scalar',
    signatures: [signature('double', BOOLEAN, ([a]) => `coalesce(isnan(${a}), FALSE)`)],
    examples: ["SELECT id, isnan(x) AS a, isnan(NULL) AS b, isnan('nan') AS c FROM floats"],
  },
  {
    name: 'nanvl',
    kind: 'scalar',
    signatures: [
      signature(
        'numeric, numeric',
        ([a]) => a ?? DOUBLE,
        ([a = '', b]) => once([a], ([x = '']) => `(CASE WHEN isnan(${x}) THEN ${b} ELSE ${x} END)`),
        {
          convert: ([a, b]) => {
            const type = a?.kind === 'float' && b?.kind === 'float' ? a : DOUBLE;
            return [type, type];
          },
        },
      ),
    ],
  },
  WIDTH_BUCKET,
];
