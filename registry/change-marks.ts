import type { TransactItem } from '#platform/table/table.ts';
import { compareAndSet } from '#platform/table/compare-and-set.ts';
import type { Pair } from '#configs/pair.ts';
import type { Attempts } from './attempts.ts';
import type { RegistryStore, Update } from './commit-to-pair.ts';
import { dueAttributes } from './due-at.ts';
import type { PairState } from './pair-state.ts';
import { registryBusy } from './registry-busy.ts';
import { readHead, stateOf } from './read-state.ts';

/** What the head says about work on the pair, beside what commits write. */
export interface Marks {
  /** By listener: it has received dossier entries 1..n. */
  readonly delivered: Readonly<Record<string, number>>;
  readonly attempts: Attempts;
}

const DEADLINE_MS = 10_000;

/**
 * Changes marks of the head, without a change of `seq`, and with them when the pair is due. `change` is called once per round; undefined
 * means that there is nothing to write, and so does a pair that the registry does not have. Throws `REGISTRY_BUSY`.
 */
export function changeMarks(
  store: RegistryStore,
  pair: Pair,
  change: (marks: Marks, state: PairState) => Partial<Marks> | undefined,
  besides: (marks: Marks) => readonly TransactItem[] = () => [],
): Promise<void> {
  return compareAndSet<void>(store.table, {
    deadlineMs: DEADLINE_MS,
    busy: (rounds) => registryBusy(pair, rounds),
    decide: async () => {
      const head = await readHead(store, pair);
      if (head === undefined) return { settled: undefined };
      const { seq, delivered = {}, attempts = {} } = head;
      const changed = change({ delivered, attempts }, stateOf(store, head));
      if (changed === undefined) return { settled: undefined };
      const marks = { delivered, attempts, ...changed };
      const due = dueAttributes(stateOf(store, { ...head, ...marks }));
      const update = store.entities.head
        .patch(pair)
        .set({ ...changed, ...due.set })
        .remove(due.remove)
        .where((item, is) =>
          [
            is.eq(item.seq, seq),
            head.delivered === undefined ? is.notExists(item.delivered) : is.eq(item.delivered, delivered),
            head.attempts === undefined ? is.notExists(item.attempts) : is.eq(item.attempts, attempts),
          ].join(' AND '),
        )
        .params<Update>();
      return { write: [{ Update: update }, ...besides(marks)], result: undefined };
    },
  });
}
