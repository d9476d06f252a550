import { failingSteps } from '#registry/attempts.ts';
import type { PairState } from '#registry/pair-state.ts';

/** The state of a pair as the API shows it: of the tries of its reconciler only those that failed. */
export function showPair({ attempts, ...state }: PairState) {
  return { ...state, failing: failingSteps(attempts) };
}
