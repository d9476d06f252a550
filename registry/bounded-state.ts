import type { PairState } from './pair-state.ts';
import { orderLane, promotionOrder } from './reconcile.ts';

/** With a recorded failure of each, these are 60 KB. */
const MOST = 12;

/**
 * The state as histories of the reconciler hold it, below 64 KB: of what is scheduled, ordered or waits to be archived only the
 * first of each, with their attempts: those that are not waiting for their next try come first. The rest is read once these are
 * done.
 */
export function boundedState(state: PairState): PairState {
  const kept = <T>(all: readonly T[], laneOf: (one: T) => string): readonly T[] => {
    const nextTry = (one: T): string => state.attempts[laneOf(one)]?.next_try ?? '';
    const first = new Set(all.toSorted((a, b) => nextTry(a).localeCompare(nextTry(b))).slice(0, MOST));
    return all.filter((one) => first.has(one));
  };
  const ended = kept(state.ended, ({ deployment }) => `archive/${deployment}`);
  const to_deploy = kept(state.to_deploy, ({ version }) => orderLane(version));
  const left = new Set([
    ...state.ended.filter((one) => !ended.includes(one)).map(({ deployment }) => `archive/${deployment}`),
    ...state.to_deploy.filter((one) => !to_deploy.includes(one)).map(({ version }) => orderLane(version)),
  ]);
  return {
    ...state,
    scheduled: state.scheduled.toSorted(promotionOrder).slice(0, MOST),
    ended,
    to_deploy,
    attempts: Object.fromEntries(Object.entries(state.attempts).filter(([lane]) => !left.has(lane))),
  };
}
