import { DOUBLE, type SqlType } from '../../types.ts';
import { type Entry, type PrintedCall, signature } from '../entry.ts';

/** Aggregates of the rows in which both values are known. */
interface Pairs {
  readonly x: string;
  readonly y: string;
  readonly n: string;
  readonly meanX: string;
  readonly meanY: string;
  /** Variances and covariance of the population. */
  readonly xx: string;
  readonly yy: string;
  readonly xy: string;
}

function pairs(x: string, y: string, { suffix }: PrintedCall): Pairs {
  const onlyX = `CASE WHEN ${y} IS NOT NULL THEN ${x} END`;
  const onlyY = `CASE WHEN ${x} IS NOT NULL THEN ${y} END`;
  return {
    x,
    y,
    n: `count(${onlyX})${suffix}`,
    meanX: `avg(${onlyX})${suffix}`,
    meanY: `avg(${onlyY})${suffix}`,
    xx: `covar_pop(${x}, ${onlyX})${suffix}`,
    yy: `covar_pop(${y}, ${onlyY})${suffix}`,
    xy: `covar_pop(${x}, ${y})${suffix}`,
  };
}

/** Spark's averages of decimals are decimals. */
function doubles(args: readonly SqlType[]): readonly SqlType[] | undefined {
  return args.some(({ kind }) => kind === 'decimal') ? undefined : [DOUBLE, DOUBLE];
}

type Formula = (of: Pairs) => string;

function entry(name: string, formula: Formula, order: 'x, y' | 'y, x', result = 'double'): Entry {
  const noDecimals = name.startsWith('regr_avg');
  return {
    name,
    kind: 'aggregate',
    noDistinct: true,
    signatures: [
      signature(
        noDecimals ? 'numeric, numeric' : 'double, double',
        result,
        ([first = '', second = ''], call) => {
          const [x, y] = order === 'x, y' ? [first, second] : [second, first];
          return formula(pairs(x, y, call));
        },
        noDecimals ? { convert: doubles } : {},
      ),
    ],
    examples: [
      `SELECT g AS g, ${name}(x, n) AS a, ${name}(y, x) AS b FROM doubles WHERE x BETWEEN -1e9 AND 1e9 AND y BETWEEN -1e9 AND 1e9 GROUP BY g`,
      `SELECT id AS id, ${name}(amount, qty) OVER (PARTITION BY id ORDER BY day) AS a FROM t`,
    ],
  };
}

const slope: Formula = ({ xx, xy }) => `(${xy} / nullif(${xx}, 0))`;

/** How two values of a row go together. In `regr_*`, the first argument depends on the second. */
export const PAIRS: readonly Entry[] = [
  entry(
    'corr',
    ({ n, xx, yy, xy }) => `CASE WHEN ${n} > 1 THEN ${xy} / nullif(sqrt(${xx} * ${yy}), 0) END`,
    'x, y',
  ),
  entry('covar_pop', ({ xy }) => xy, 'x, y'),
  entry('covar_samp', ({ xy, n }) => `(${xy} * ${n} / nullif(${n} - 1, 0))`, 'x, y'),
  entry('regr_count', ({ n }) => n, 'y, x', 'bigint'),
  entry('regr_avgx', ({ meanX }) => meanX, 'y, x'),
  entry('regr_avgy', ({ meanY }) => meanY, 'y, x'),
  entry('regr_sxx', ({ xx, n }) => `(${xx} * ${n})`, 'y, x'),
  entry('regr_syy', ({ yy, n }) => `(${yy} * ${n})`, 'y, x'),
  entry('regr_sxy', ({ xy, n }) => `(${xy} * ${n})`, 'y, x'),
  entry('regr_slope', slope, 'y, x'),
  entry('regr_intercept', (of) => `(${of.meanY} - ${slope(of)} * ${of.meanX})`, 'y, x'),
  entry(
    'regr_r2',
    ({ xx, yy, xy }) =>
      `CASE WHEN ${yy} = 0 THEN NULL WHEN ${xx} = 0 THEN CAST(1 AS DOUBLE) ELSE ${xy} * ${xy} / (${xx} * ${yy}) END`,
    'y, x',
  ),
];
