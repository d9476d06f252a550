import { type Entry, type PrintedCall, signature } from '../entry.ts';
import { stop } from '../once.ts';
import { folded, momentState } from './folded.ts';

/** DuckDB's variance fails for NaN and infinity; the covariance of a value with itself is the same sum without that check. */
function variance(a: string, kind: 'samp' | 'pop', call: PrintedCall, most: string): string {
  const found = `covar_${kind}(${call.distinct}${a}, ${a})${call.suffix}`;
  if (!call.windowed) return found;
  // DuckDB puts parts of a window together, which a model sees only in numbers that a float cannot hold.
  return `list_transform([${found}], lambda v: CASE WHEN isfinite(v) AND v > ${most} THEN ${stop('a spread is beyond the range of a float')} ELSE v END)[1]`;
}

const MOST = '3.4e38';
const MOST_OF_ROOT = '1e76';

function spread(name: string, aliases: readonly string[], kind: 'samp' | 'pop', root: boolean): Entry {
  return {
    name,
    kind: 'aggregate',
    inexact: true,
    aliases,
    signatures: [
      signature('double', 'double', ([a = ''], call) =>
        root ? `sqrt(${variance(a, kind, call, MOST_OF_ROOT)})` : variance(a, kind, call, MOST),
      ),
    ],
    examples: [
      `SELECT g AS g, ${name}(x) AS a, ${name}(DISTINCT n) AS b FROM ints GROUP BY g`,
      `SELECT id AS id, ${name}(amount) OVER (PARTITION BY id ORDER BY day ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS a FROM t`,
    ],
  };
}

/** Sums of powers of the distances from the mean, of all values of a group together. */
function shape(formula: string, { suffix, distinct, windowed }: PrintedCall, a: string): string {
  if (windowed) return folded({ v: a }, momentState(), `CASE WHEN s.m2 <> 0 THEN ${formula} END`, suffix);
  const values = `list_filter(list(${distinct}${a})${suffix}, lambda v: v IS NOT NULL)`;
  const mean = `list_transform([${values}], lambda l: {l: l, m: list_sum(l) / len(l)})[1]`;
  const power = (by: number): string => `list_sum(list_transform(s.l, lambda v: (v - s.m) ** ${by}))`;
  const moments = `list_transform([${mean}], lambda s: {n: CAST(len(s.l) AS DOUBLE), m2: ${power(2)}, m3: ${power(3)}, m4: ${power(4)}})[1]`;
  return `list_transform([${moments}], lambda s: CASE WHEN s.m2 <> 0 THEN ${formula} END)[1]`;
}

const SKEWNESS = 'sqrt(s.n) * s.m3 / sqrt(s.m2 * s.m2 * s.m2)';
const KURTOSIS = 's.n * s.m4 / (s.m2 * s.m2) - 3';

/** How far values lie from their mean. */
export const SPREADS: readonly Entry[] = [
  spread('stddev', ['std', 'stddev_samp'], 'samp', true),
  spread('stddev_pop', [], 'pop', true),
  spread('variance', ['var_samp'], 'samp', false),
  spread('var_pop', [], 'pop', false),
  ...[
    { name: 'skewness', formula: SKEWNESS },
    { name: 'kurtosis', formula: KURTOSIS },
  ].map(({ name, formula }): Entry => ({
    name,
    kind: 'aggregate',
    inexact: true,
    signatures: [signature('double', 'double', ([a = ''], call) => shape(formula, call, a))],
    examples: [
      `SELECT g AS g, ${name}(x) AS a, ${name}(DISTINCT n) AS b FROM ints GROUP BY g`,
      `SELECT id AS id, ${name}(amount) AS a FROM t GROUP BY id`,
    ],
  })),
];
