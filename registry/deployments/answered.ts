import { compareAndSet } from '#platform/table/compare-and-set.ts';
import type { Pair } from '#configs/pair.ts';
import type { RegistryStore, Update } from '../commit-to-pair.ts';
import { registryBusy } from '../registry-busy.ts';
import { readHead } from '../read-state.ts';

const DEADLINE_MS = 10_000;

/**
 * Records that somebody is about to be told which version was live at `at`. A commit that is already under way and
 * would change that answer then fails its condition and takes a later boundary, however long its write was delayed.
 * Writes nothing for an instant that is settled, or that lies ahead of the clock: no answer about it is final.
 */
export function recordAnswer(store: RegistryStore, pair: Pair, at: string): Promise<void> {
  return compareAndSet<void>(store.table, {
    deadlineMs: DEADLINE_MS,
    busy: (rounds) => registryBusy(pair, rounds),
    decide: async () => {
      const head = await readHead(store, pair);
      if (head === undefined || isSettled(head, at) || at > store.now().toISOString())
        return { settled: undefined };
      const update = store.entities.head
        .patch(pair)
        .set({ answered_until: at })
        .where((item, is) => `${is.notExists(item.answered_until)} OR ${is.lt(item.answered_until, at)}`)
        .params<Update>();
      return { write: [{ Update: update }], result: undefined };
    },
  });
}

type Head = NonNullable<Awaited<ReturnType<typeof readHead>>>;

/** Later boundaries are later than the last one, and than the last instant that was answered. */
function isSettled({ state: { last_boundary }, answered_until }: Head, at: string): boolean {
  return at < (last_boundary ?? '') || at <= (answered_until ?? '');
}
