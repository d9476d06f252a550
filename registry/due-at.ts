import type { PairState } from './pair-state.ts';
import { decide } from './reconcile.ts';

/** Sorts before every instant: the pair has work now. */
export const DUE_NOW = '0000-01-01T00:00:00.000Z';
/** Sorts after every instant: the pair has no work. */
export const NEVER_DUE = '9999-12-31T23:59:59.999Z';

/**
 * When the sweep should call the pair's reconciler, if no signal does. Work that hangs on no clock is due now; a
 * scheduled deployment at its `live_at`.
 */
export function dueAt(state: PairState): string {
  const [first] = decide(state, DUE_NOW);
  if (first === undefined) return NEVER_DUE;
  return first.kind === 'wait' ? first.until : DUE_NOW;
}
