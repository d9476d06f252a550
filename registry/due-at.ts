import type { PairState } from './pair-state.ts';
import { decide } from './reconcile.ts';
import { dueShard } from './shards.ts';

/** Sorts before every instant: the pair has work to do now. */
export const DUE_NOW = '0000-01-01T00:00:00.000Z';

/**
 * When the sweep should call the pair's reconciler if no signal does. A scheduled deployment is due at its `live_at`, a step
 * that failed at its next try, all other work now. Undefined for a pair at rest.
 */
export function dueAt(state: PairState): string | undefined {
  const { steps, next, settled } = decide(state, DUE_NOW);
  return steps.length > 0 || settled.length > 0 ? DUE_NOW : next;
}

type DueAttribute = 'due_at' | 'due_shard';

/** How a write of the head records its due time: the attributes to set and those to remove. */
export function dueAttributes(state: PairState): {
  readonly set: Partial<Readonly<Record<DueAttribute, string>>>;
  readonly remove: DueAttribute[];
} {
  const due_at = dueAt(state);
  if (due_at === undefined) return { set: {}, remove: ['due_at', 'due_shard'] };
  return { set: { due_at, due_shard: dueShard(state) }, remove: [] };
}
