import { decimal, duckDbType, MAX_PRECISION, type SqlType } from '../../types.ts';
import { type Entry, type PrintedCall, signature } from '../entry.ts';
import { lowBits } from '../wrapped.ts';

type Decimal = SqlType & { readonly kind: 'decimal' };

/** Ten more digits, as long as there are that many. */
function sumType([of]: readonly SqlType[]): SqlType {
  return of?.kind === 'decimal'
    ? decimal(Math.min(MAX_PRECISION, of.precision + 10), of.scale)
    : decimal(38, 0);
}

function averageType([of]: readonly SqlType[]): SqlType {
  if (of?.kind !== 'decimal') return decimal(38, 0);
  return decimal(Math.min(MAX_PRECISION, of.precision + 4), Math.min(MAX_PRECISION, of.scale + 4));
}

function decimalOf({ types, refuse }: PrintedCall): Decimal {
  const [of] = types;
  return of?.kind === 'decimal' ? of : refuse('This argument', 'use a decimal');
}

function sumOfDecimals(a: string, call: PrintedCall): string {
  const { precision, scale } = decimalOf(call);
  const sum = (of: string): string =>
    `CAST(sum(${call.distinct}${of})${call.suffix} AS ${duckDbType(call.result)})`;
  if (precision <= MAX_PRECISION - 10) return sum(a);
  // Beyond 38 digits Spark gives NULL, as soon as a sum on the way does, which depends on the order of rows.
  const size = `sum(${call.distinct}abs(CAST(${a} AS DOUBLE)))${call.suffix}`;
  const large = `abs(${a}) >= CAST('1e${MAX_PRECISION - 2 - scale}' AS DOUBLE)`;
  const isLarge = `bool_or(${large})${call.suffix}`;
  // DuckDB's own sum must not overflow before its size is looked at.
  const small = `CASE WHEN NOT (${large}) THEN ${a} END`;
  return `CASE WHEN ${isLarge} OR ${size} >= 9e${MAX_PRECISION - 1 - scale} THEN error('millrace: a sum of decimals may have more than 38 digits') ELSE ${sum(small)} END`;
}

/** Exact, by a division of whole numbers whose result is rounded half up. */
function averageOfDecimals(a: string, call: PrintedCall): string {
  const { precision, scale } = decimalOf(call);
  if (precision > 24 || precision + scale > 30)
    return call.refuse(
      `avg of decimal(${precision},${scale})`,
      'cast it to double, or to a decimal of fewer digits',
    );
  const { distinct, suffix, result } = call;
  const whole = `CAST(CAST(${a} AS DECIMAL(38, ${scale})) * CAST(1${'0'.repeat(scale)} AS DECIMAL(${scale + 1}, 0)) AS HUGEINT)`;
  const sum = `sum(${distinct}${whole})${suffix} * 10000`;
  const count = `count(${distinct}${a})${suffix}`;
  const unit = `CAST(0.${'0'.repeat(scale + 3)}1 AS DECIMAL(${scale + 4}, ${scale + 4}))`;
  const rounded = `(abs(s.sum) * 2 + s.n) // (s.n * 2) * sign(s.sum)`;
  return `list_transform([{sum: CAST(${sum} AS HUGEINT), n: nullif(CAST(${count} AS HUGEINT), 0)}], lambda s: CAST(CAST(${rounded} AS DECIMAL(${precision + 4}, 0)) * ${unit} AS ${duckDbType(result)}))[1]`;
}

function trySum(a: string, { suffix, distinct }: PrintedCall): string {
  const sum = `sum(${distinct}${a})${suffix}`;
  const size = `sum(${distinct}abs(CAST(${a} AS HUGEINT)))${suffix}`;
  // A sum that leaves the range on the way and comes back is NULL in Spark or not, by the order of rows.
  return `CASE WHEN ${size} <= 9223372036854775807 OR TRY_CAST(${sum} AS BIGINT) IS NULL THEN TRY_CAST(${sum} AS BIGINT) ELSE error('millrace: try_sum depends on the order of rows here') END`;
}

const doubles = (name: string) =>
  signature('double', 'double', ([a], { suffix, distinct }) => `${name}(${distinct}${a})${suffix}`);

export const SUMS: readonly Entry[] = [
  {
    name: 'sum',
    kind: 'aggregate',
    signatures: [
      doubles('sum'),
      signature('bigint', 'bigint', ([a], { suffix, distinct }) =>
        lowBits(`sum(${distinct}${a})${suffix}`, { kind: 'bigint' }),
      ),
      signature('decimal', sumType, ([a = ''], call) => sumOfDecimals(a, call)),
    ],
    examples: [
      'SELECT g AS g, sum(x) AS s, sum(DISTINCT x) AS d, sum(x) FILTER (WHERE n > 2) AS f FROM decimals GROUP BY g',
      'SELECT id AS id, sum(x) OVER (PARTITION BY g ORDER BY id ROWS BETWEEN 2 PRECEDING AND 1 FOLLOWING) AS s FROM bigints',
      'SELECT sum(x) AS s FROM bigints WHERE x > 1000',
    ],
  },
  {
    name: 'avg',
    kind: 'aggregate',
    aliases: ['mean'],
    signatures: [
      doubles('avg'),
      signature('decimal', averageType, ([a = ''], call) => averageOfDecimals(a, call)),
    ],
    examples: [
      'SELECT g AS g, avg(x) AS a, avg(DISTINCT y) AS d FROM fine_decimals GROUP BY g',
      'SELECT id AS id, avg(x) OVER (PARTITION BY g ORDER BY id) AS a FROM decimals',
      'SELECT avg(x) AS a FROM decimals WHERE x > 1e9',
    ],
  },
  {
    name: 'try_sum',
    kind: 'aggregate',
    signatures: [
      doubles('sum'),
      signature('bigint', 'bigint', ([a = ''], call) => trySum(a, call)),
      signature('decimal', sumType, ([a = ''], call) => sumOfDecimals(a, call)),
    ],
    examples: [
      'SELECT g AS g, try_sum(x) AS s FROM ints GROUP BY g',
      'SELECT try_sum(x) AS s FROM bigints WHERE x > 0',
    ],
  },
  {
    name: 'try_avg',
    kind: 'aggregate',
    signatures: [
      doubles('avg'),
      signature('decimal', averageType, ([a = ''], call) => averageOfDecimals(a, call)),
    ],
  },
];
