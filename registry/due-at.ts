import type { PairState } from './pair-state.ts';
import { decide } from './reconcile.ts';

/** Sorts before every instant: the pair has work to do now. */
export const DUE_NOW = '0000-01-01T00:00:00.000Z';
/** Sorts after every instant: the pair has no work to do. */
export const NEVER_DUE = '9999-12-31T23:59:59.999Z';

/**
 * When the sweep should call the pair's reconciler if no signal does. A scheduled deployment is due at its `live_at`;
 * all other work is due now.
 */
export function dueAt(state: PairState): string {
  const [first] = decide(state, DUE_NOW);
  if (first === undefined) return NEVER_DUE;
  return first.kind === 'wait' ? first.until : DUE_NOW;
}
