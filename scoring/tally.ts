import { batchLayout, type FeatureBatch } from './feature-batch.ts';
import type { Bins, Signature } from './signature.ts';

/** Rows per training bin; small enough to travel in a workflow's history. */
export interface Tally {
  /** One list per feature, in the signature's order. */
  readonly features: readonly (readonly number[])[];
  readonly score: readonly number[];
}

/** Sums of two shards of the same version. Pure, for workflows too. */
export function mergeTallies(a: Tally, b: Tally): Tally {
  return {
    features: a.features.map((counts, feature) => add(counts, b.features[feature] ?? [])),
    score: add(a.score, b.score),
  };
}

/** Counts rows into the bins of a signature, batch by batch. */
export function startTally(signature: Signature): {
  add(batch: FeatureBatch, probabilities: Float32Array): void;
  result(): Tally;
} {
  const layout = batchLayout(signature);
  const binOf = signature.features.map(({ bins }) => binFinder(bins));
  const features = signature.features.map(({ bins }) => bins.shares.map(() => 0));
  const score = signature.score.shares.map(() => 0);
  const { edges } = signature.score;
  return {
    add(batch, probabilities) {
      for (const [feature, { input, column }] of layout.places.entries()) {
        const counts = features[feature] ?? [];
        const find = binOf[feature] ?? (() => 0);
        const width = layout[input];
        const values: Float64Array | readonly string[] = batch[input];
        for (let row = 0; row < batch.rows; row++) count(counts, find(values[row * width + column] ?? ''));
      }
      for (const probability of probabilities) count(score, binOfNumber(edges, probability));
    },
    result: () => ({ features, score }),
  };
}

/** Number of edges at or below `x`: bin i holds edges[i-1] <= x < edges[i]. */
export function binOfNumber(edges: readonly number[], x: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((edges[middle] ?? Number.POSITIVE_INFINITY) <= x) low = middle + 1;
    else high = middle;
  }
  return low;
}

function binFinder(bins: Bins): (value: number | string) => number {
  const missing = bins.shares.length - 1;
  if (bins.kind === 'numeric') {
    return (value) => (Number.isNaN(value) ? missing : binOfNumber(bins.edges, Number(value)));
  }
  const known = new Map(bins.values.map((value, index) => [value, index]));
  return (value) => (value === '' ? missing : (known.get(String(value)) ?? missing - 1));
}

function count(counts: number[], bin: number): void {
  counts[bin] = (counts[bin] ?? 0) + 1;
}

function add(a: readonly number[], b: readonly number[]): readonly number[] {
  return a.map((value, index) => value + (b[index] ?? 0));
}
