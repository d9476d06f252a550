import type { Signature } from './signature.ts';

/**
 * A batch of model input, row by row. A missing number is NaN, a missing string is empty. Numbers are rounded to 32 bits
 * once, when they are read, as the trainer does before it trains or computes bins.
 */
export interface FeatureBatch {
  readonly rows: number;
  /** `rows` times the number of numeric features. */
  readonly numeric: Float32Array;
  /** `rows` times the number of categorical features. */
  readonly categorical: readonly string[];
}

/** Position of a feature in a batch: the array and the column in it. */
export interface FeaturePlace {
  readonly name: string;
  readonly input: 'numeric' | 'categorical';
  readonly column: number;
}

export interface BatchLayout {
  readonly places: readonly FeaturePlace[];
  readonly numeric: number;
  readonly categorical: number;
}

/** Column order, the same in the trainer and in the engine. */
export function batchLayout(signature: Signature): BatchLayout {
  const width = { numeric: 0, categorical: 0 };
  const places = signature.features.map(({ name, input }) => ({ name, input, column: width[input]++ }));
  return { places, ...width };
}
