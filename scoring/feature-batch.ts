import type { Signature } from './signature.ts';

/**
 * Some rows as a model takes them in, row by row. A missing number is NaN, a missing string is empty. Numbers are rounded
 * to 32 bits once, where they are read, as the trainer does before it trains or cuts bins.
 */
export interface FeatureBatch {
  readonly rows: number;
  /** `rows` times the number of numeric features. */
  readonly numeric: Float32Array;
  /** `rows` times the number of categorical features. */
  readonly categorical: readonly string[];
}

/** Where a feature stands in a batch: which array, and at which column of it. */
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

/** The column order that both the trainer and the engine follow. */
export function batchLayout(signature: Signature): BatchLayout {
  const width = { numeric: 0, categorical: 0 };
  const places = signature.features.map(({ name, input }) => ({ name, input, column: width[input]++ }));
  return { places, ...width };
}
