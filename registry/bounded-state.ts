import type { PairState } from './pair-state.ts';
import { promotionOrder } from './reconcile.ts';

/** With a recorded failure of each, these are 60 KB. */
const MOST = 12;

/**
 * The state as histories of the reconciler hold it, below 64 KB: of what is scheduled, ordered or waits to be archived only the
 * first of each, with their attempts. The rest is read once these are done.
 */
export function boundedState(state: PairState): PairState {
  const left = new Set([
    ...state.ended.slice(MOST).map(({ deployment }) => `archive/${deployment}`),
    ...state.to_deploy.slice(MOST).map(({ version }) => `deploy/${version}`),
  ]);
  return {
    ...state,
    scheduled: state.scheduled.toSorted(promotionOrder).slice(0, MOST),
    ended: state.ended.slice(0, MOST),
    to_deploy: state.to_deploy.slice(0, MOST),
    attempts: Object.fromEntries(Object.entries(state.attempts).filter(([lane]) => !left.has(lane))),
  };
}
