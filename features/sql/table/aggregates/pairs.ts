import { DOUBLE, type SqlType } from '../../types.ts';
import { type Entry, type PrintedCall, signature } from '../entry.ts';
import { stop } from '../once.ts';
import { folded, PAIR_STATE } from './folded.ts';

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

/** `overWindow`: the result in a window, from the state `s` of its pairs, where DuckDB's own aggregates would differ. */
function entry(
  name: string,
  formula: Formula,
  order: 'x, y' | 'y, x',
  { overWindow, result = 'double' }: { readonly overWindow?: string; readonly result?: string } = {},
): Entry {
  const noDecimals = name.startsWith('regr_avg');
  return {
    name,
    kind: 'aggregate',
    inexact: true,
    noDistinct: true,
    signatures: [
      signature(
        noDecimals ? 'numeric, numeric' : 'double, double',
        result,
        ([first = '', second = ''], call) => {
          const [x, y] = order === 'x, y' ? [first, second] : [second, first];
          if (call.windowed && overWindow !== undefined)
            return folded({ x, y }, PAIR_STATE, overWindow, call.suffix);
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

/** Of a sum beyond a double's range, Spark makes infinity or NaN by how it puts parts of a group together. */
const finite = (sum: string): string =>
  `list_transform([${sum}], lambda v: CASE WHEN isinf(v) THEN ${stop('a sum of products is beyond the range of a double')} ELSE v END)[1]`;

const ofAny = (value: string): string => `CASE WHEN s.n > 0 THEN ${value} END`;

const slope: Formula = ({ xx, xy }) => `(${xy} / nullif(${xx}, 0))`;

/** How two values of a row go together. In `regr_*`, the first argument depends on the second. */
export const PAIRS: readonly Entry[] = [
  entry(
    'corr',
    ({ n, xx, yy, xy }) => `CASE WHEN ${n} > 1 THEN ${xy} / nullif(sqrt(${xx} * ${yy}), 0) END`,
    'x, y',
    { overWindow: 'CASE WHEN s.n > 1 THEN s.xy / nullif(sqrt(s.xx * s.yy), 0) END' },
  ),
  entry('covar_pop', ({ xy }) => xy, 'x, y', { overWindow: 's.xy / nullif(s.n, 0)' }),
  entry('covar_samp', ({ xy, n }) => `(${xy} * ${n} / nullif(${n} - 1, 0))`, 'x, y', {
    overWindow: 'CASE WHEN s.n > 1 THEN s.xy / (s.n - 1) END',
  }),
  entry('regr_count', ({ n }) => n, 'y, x', { result: 'bigint' }),
  entry('regr_avgx', ({ meanX }) => meanX, 'y, x'),
  entry('regr_avgy', ({ meanY }) => meanY, 'y, x'),
  entry('regr_sxx', ({ xx, n }) => finite(`${xx} * ${n}`), 'y, x', { overWindow: ofAny('s.varX') }),
  entry('regr_syy', ({ yy, n }) => finite(`${yy} * ${n}`), 'y, x', { overWindow: ofAny('s.varY') }),
  entry('regr_sxy', ({ xy, n }) => finite(`${xy} * ${n}`), 'y, x', { overWindow: ofAny('s.yx') }),
  entry('regr_slope', slope, 'y, x', { overWindow: 's.xy / nullif(s.varX, 0)' }),
  entry('regr_intercept', (of) => `(${of.meanY} - ${slope(of)} * ${of.meanX})`, 'y, x', {
    overWindow: 's.meanY - s.xy / nullif(s.varX, 0) * s.meanX',
  }),
  entry(
    'regr_r2',
    ({ xx, yy, xy }) =>
      `CASE WHEN ${yy} = 0 THEN NULL WHEN ${xx} = 0 THEN CAST(1 AS DOUBLE) ELSE ${xy} * ${xy} / (${xx} * ${yy}) END`,
    'y, x',
    {
      overWindow:
        'CASE WHEN s.yy = 0 THEN NULL WHEN s.xx = 0 THEN CAST(1 AS DOUBLE) ELSE (s.yx / nullif(sqrt(s.yy * s.xx), 0)) * (s.yx / nullif(sqrt(s.yy * s.xx), 0)) END',
    },
  ),
];
