import { type Entry, type PrintedCall, signature } from '../entry.ts';

const SHARES = ['0.5', '0', '1', '0.25D', '0.9'];

function share(index: number, { constants, refuse }: PrintedCall): string {
  const constant = constants[index];
  const value = typeof constant === 'string' ? Number(constant) : Number.NaN;
  if (!(value >= 0 && value <= 1)) return refuse('A percentage outside of 0 to 1', 'give one from 0 to 1');
  return String(value);
}

function shares(index: number, call: PrintedCall): string {
  const values = JSON.parse(String(call.constants[index])) as readonly string[];
  return `[${values.map((value) => share(0, { ...call, constants: [value] })).join(', ')}]`;
}

/** DuckDB counts from the greatest value for a negative share. */
function directed(of: string, descending: boolean): string {
  if (!descending) return of;
  return Number(of) === 0 ? '1' : `-${of}`;
}

function within(name: 'percentile_cont' | 'percentile_disc'): Entry {
  const quantile = name.replace('percentile', 'quantile');
  return {
    name,
    kind: 'aggregate',
    noOrder: true,
    within: true,
    noDistinct: true,
    signatures: [
      signature(
        'double!, double, boolean!',
        'double',
        ([, x], call) =>
          `${quantile}(${x}, ${directed(share(0, call), call.constants[2] === true)})${call.suffix}`,
        { samples: { 0: SHARES } },
      ),
    ],
    examples: [
      `SELECT g AS g, ${name}(0.5) WITHIN GROUP (ORDER BY x) AS a, ${name}(0.3) WITHIN GROUP (ORDER BY n DESC) AS b FROM decimals GROUP BY g`,
      `SELECT id AS id, ${name}(0.75) WITHIN GROUP (ORDER BY qty) OVER (PARTITION BY id) AS a FROM t`,
    ],
  };
}

/** Exact percentiles, between two values by their distance. */
export const PERCENTILES: readonly Entry[] = [
  {
    name: 'percentile',
    kind: 'aggregate',
    noOrder: true,
    signatures: [
      signature(
        'double, double!',
        'double',
        ([x], call) => `quantile_cont(${call.distinct}${x}, ${share(1, call)})${call.suffix}`,
        { samples: { 1: SHARES } },
      ),
      signature(
        'double, array<double>!',
        'array<double>',
        ([x], call) => `quantile_cont(${call.distinct}${x}, ${shares(1, call)})${call.suffix}`,
        { samples: { 1: ['array(0.25, 0.5)', 'array(1, 0)'] } },
      ),
    ],
    examples: ['SELECT g AS g, percentile(x, 0.5) AS a, percentile(n, 0.1) AS b FROM ints GROUP BY g'],
  },
  {
    name: 'median',
    kind: 'aggregate',
    noOrder: true,
    signatures: [
      signature(
        'double',
        'double',
        ([x], { suffix, distinct }) => `quantile_cont(${distinct}${x}, 0.5)${suffix}`,
      ),
    ],
    examples: ['SELECT g AS g, median(x) AS a, median(n) FILTER (WHERE n > 1) AS b FROM decimals GROUP BY g'],
  },
  within('percentile_cont'),
  within('percentile_disc'),
];
