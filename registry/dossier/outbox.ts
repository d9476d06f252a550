import pLimit, { type LimitFunction } from 'p-limit';
import { MillraceError } from '#errors/millrace-error.ts';
import { pairKey, type Pair } from '#configs/pair.ts';
import { changeMarks } from '../change-marks.ts';
import type { RegistryStore } from '../commit-to-pair.ts';
import { COPIES } from './dossier-copies.ts';
import type { DossierListener } from './dossier-listener.ts';
import { readHead, type HeadItem } from '../read-state.ts';
import { inOrder } from './in-order.ts';
import { rangesOf, type Range } from './ranges.ts';
import { readEntries } from './read-entries.ts';

/** How many entries are delivered before they are marked, if the listener does not say. */
const BATCH = 25;

/**
 * Delivers dossier entries to listeners, at least once and in order. The head of a pair holds each listener's
 * progress. Entries are delivered before they are marked, so a crash in between delivers them again.
 */
export function createOutbox(store: RegistryStore, listeners: readonly DossierListener[]) {
  const { entities } = store;

  /**
   * Delivers all outstanding entries to each listener and returns the number of entries by listener. A failing
   * listener does not hold back the others; its error is thrown at the end. If several fail, only one error is
   * thrown; the others appear on the next try.
   */
  async function deliverDossier(pair: Pair): Promise<Readonly<Record<string, number>>> {
    const head = await readHead(store, pair);
    // Marks change the same item, so two at the same time would make one of them fail and wait before its next try.
    const inTurn = pLimit(1);
    const outcomes = await Promise.allSettled(
      listeners.map(
        async (listener) => [listener.name, await handOver(pair, listener, head, inTurn)] as const,
      ),
    );
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return Object.fromEntries(outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
  }

  async function handOver(
    pair: Pair,
    { name, deliver, batch = BATCH, atOnce = 1 }: DossierListener,
    head: HeadItem | undefined,
    inTurn: LimitFunction,
  ): Promise<number> {
    if (head === undefined) return 0;
    const { count } = head.state.dossier;
    const reached = head.delivered?.[name] ?? 0;
    const batches = inOrder(rangesOf(reached + 1, count, batch), atOnce, async (range) => {
      const through = await deliver(pair, await entriesOf(pair, range));
      return through ?? range.through;
    });
    for await (const through of batches) await inTurn(() => mark(pair, name, through));
    return count - reached;
  }

  async function entriesOf(pair: Pair, { from, through }: Range) {
    const entries = await readEntries(entities, pair, from, through);
    if (entries.length === through - from + 1) return entries;
    throw new MillraceError(
      'REGISTRY_CONTRADICTS_ITSELF',
      `${pairKey(pair)} lacks some of its dossier entries ${from} to ${through}.`,
      { where: pairKey(pair) },
    );
  }

  /** Moves a listener's mark forward, never back, and clears the pair's due time when no other work is left. */
  function mark(pair: Pair, name: string, through: number): Promise<void> {
    return changeMarks(store, pair, ({ delivered }) =>
      (delivered[name] ?? 0) >= through ? undefined : { delivered: { ...delivered, [name]: through } },
    );
  }

  /** Has the object store's copies from this entry on written again. */
  function copyAgain(pair: Pair, from: number): Promise<void> {
    return changeMarks(store, pair, ({ delivered }) =>
      (delivered[COPIES] ?? 0) < from ? undefined : { delivered: { ...delivered, [COPIES]: from - 1 } },
    );
  }

  return { deliverDossier, copyAgain };
}
