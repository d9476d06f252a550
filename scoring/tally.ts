import { binFinder, expectedShares } from './bins.ts';
import { batchLayout, type FeatureBatch } from './feature-batch.ts';
import type { Signature } from './signature.ts';

/** Rows per training bin; small enough for a workflow's history. */
export interface Tally {
  /** One list per feature, in the signature's order. */
  readonly features: readonly (readonly number[])[];
  readonly score: readonly number[];
}

/** Adds the tallies of two shards of the same version. Pure, so workflows can use it. */
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
  const binOf = signature.features.map(({ drift }) => binFinder(drift, signature.missing_above));
  const features = signature.features.map(({ drift }) => expectedShares(drift).map(() => 0));
  const score = expectedShares(signature.score.drift).map(() => 0);
  const scoreBin = binFinder(signature.score.drift, 1);
  return {
    add(batch, probabilities) {
      for (const [feature, { input, column }] of layout.places.entries()) {
        const counts = features[feature] ?? [];
        const find = binOf[feature] ?? (() => 0);
        const width = layout[input];
        const values: Float32Array | readonly string[] = batch[input];
        for (let row = 0; row < batch.rows; row++) count(counts, find(values[row * width + column] ?? ''));
      }
      for (const probability of probabilities) count(score, scoreBin(probability));
    },
    result: () => ({ features, score }),
  };
}

function count(counts: number[], bin: number): void {
  counts[bin] = (counts[bin] ?? 0) + 1;
}

function add(a: readonly number[], b: readonly number[]): readonly number[] {
  return a.map((value, index) => value + (b[index] ?? 0));
}
