/** The key of the registry: one model on one feature set. */
export interface Pair {
  readonly model: string;
  readonly feature_set: string;
}

export function pairKey(pair: Pair): string {
  return `${pair.model}/${pair.feature_set}`;
}
