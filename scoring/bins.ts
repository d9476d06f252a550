import type { Bins } from './signature.ts';

/** Shares of all bins, in the order of their numbers: the named ones, then any other value, then missing. */
export function expectedShares(bins: Bins): readonly number[] {
  return bins.kind === 'numeric'
    ? [...bins.shares, bins.missing_share]
    : [...bins.shares, bins.other_share, bins.missing_share];
}

/** Gives the number of the bin that a value falls in; NaN, magnitudes above `largest` and the empty string are missing. */
export function binFinder(bins: Bins, largest: number): (value: number | string) => number {
  const missing = expectedShares(bins).length - 1;
  if (bins.kind === 'numeric') {
    const most = Math.fround(largest);
    return (value) => (Math.abs(Number(value)) <= most ? edgesBelow(bins.edges, Number(value)) : missing);
  }
  const known = new Map(bins.categories.map((category, index) => [category, index]));
  return (value) => (value === '' ? missing : (known.get(String(value)) ?? missing - 1));
}

/** Number of edges below `x`: a value on an edge belongs to the bin that ends there. `edges` ascend. */
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
