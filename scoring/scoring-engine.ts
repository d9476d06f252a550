import type { FeatureBatch } from './feature-batch.ts';

/** A loaded model. */
export interface ScoringEngine extends AsyncDisposable {
  /** Probability of the positive class, from 0 to 1, for each row in the batch's order. Throws `MODEL_OUTPUT_INVALID`. */
  probabilities(batch: FeatureBatch): Promise<Float32Array>;
}
