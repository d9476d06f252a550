import type { Pair } from '#configs/pair.ts';
import { failingSteps, nextAttempt, type Tried } from './attempts.ts';
import { changeMarks } from './change-marks.ts';
import type { Delete, Put, RegistryStore } from './commit-to-pair.ts';
import { decide } from './reconcile.ts';
import { listingShard } from './shards.ts';

export interface NoteAttempt {
  readonly pair: Pair;
  /** UTC instant. */
  readonly now: string;
  /** Absent: nothing was tried, and what is settled is to be forgotten. */
  readonly tried?: Tried;
}

/** Records a try of the pair's reconciler on the pair, and forgets those that no outstanding step needs. */
export function noteAttempt(store: RegistryStore, { pair, now, tried }: NoteAttempt): Promise<void> {
  const { failing } = store.entities;
  return changeMarks(
    store,
    pair,
    ({ attempts: before }, state) => {
      const attempts =
        tried === undefined ? before : { ...before, [tried.lane]: nextAttempt(before[tried.lane], tried) };
      const { settled } = decide({ ...state, attempts }, now);
      if (tried === undefined && settled.length === 0) return undefined;
      return {
        attempts: Object.fromEntries(Object.entries(attempts).filter(([lane]) => !settled.includes(lane))),
      };
    },
    ({ attempts }) => [
      failingSteps(attempts).length > 0
        ? { Put: failing.put({ ...pair, listing_shard: listingShard(pair) }).params<Put>() }
        : { Delete: failing.delete(pair).params<Delete>() },
    ],
  );
}

/** Lets every step be tried at once, however often it has failed. */
export function forgetAttempts(store: RegistryStore, pair: Pair): Promise<void> {
  const { failing } = store.entities;
  return changeMarks(
    store,
    pair,
    ({ attempts }) => (Object.keys(attempts).length === 0 ? undefined : { attempts: {} }),
    () => [{ Delete: failing.delete(pair).params<Delete>() }],
  );
}
