import type { Bins } from './signature.ts';

/** Shares of all bins, by bin number: the named ones, then other values, then missing. */
export function expectedShares(bins: Bins): readonly number[] {
  return bins.kind === 'numeric'
    ? [...bins.shares, bins.missing_share]
    : [...bins.shares, bins.other_share, bins.missing_share];
}

/** Returns the bin number of a value. NaN, magnitudes above `largest` and the empty string count as missing. */
export function binFinder(bins: Bins, largest: number): (value: number | string) => number {
  const missing = expectedShares(bins).length - 1;
  if (bins.kind === 'numeric') {
    const most = Math.fround(largest);
    return (value) => (Math.abs(Number(value)) <= most ? edgesBelow(bins.edges, Number(value)) : missing);
  }
  const known = new Map(bins.categories.map((category, index) => [category, index]));
  return (value) => (value === '' ? missing : (known.get(String(value)) ?? missing - 1));
}

/** Number of edges below `x`: a value on an edge belongs to the bin that ends there. `edges` must be ascending. */
export function edgesBelow(edges: readonly number[], x: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((edges[middle] ?? Number.POSITIVE_INFINITY) < x) low = middle + 1;
    else high = middle;
  }
  return low;
}
