import { MillraceError } from '#errors/millrace-error.ts';
import { pairKey, type Pair } from '#configs/pair.ts';
import { changeMarks } from '../change-marks.ts';
import type { RegistryStore } from '../commit-to-pair.ts';
import { COPIES } from './dossier-copies.ts';
import type { DeliveredEntry, DossierListener } from './dossier-listener.ts';
import { readHead, type HeadItem } from '../read-state.ts';
import { inOrder } from './in-order.ts';
import { rangesOf, type Range } from './ranges.ts';
import { readEntries } from './read-entries.ts';

/** A listener had received the entries up to `from`, and now has those up to `through`. */
interface Reached {
  readonly from: number;
  readonly through: number;
}

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
    if (head === undefined) return Object.fromEntries(listeners.map(({ name }) => [name, 0]));
    const entries = entriesReader(pair, head.state.dossier.count);
    const outcomes = await Promise.allSettled(listeners.map((one) => handOver(pair, one, head, entries)));
    const reached = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    // Together, because each mark is a transaction on the head, which makes whoever commits at the same time try again.
    await mark(pair, Object.fromEntries(reached.map(({ name, from, through }) => [name, { from, through }])));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return Object.fromEntries(reached.map(({ name, from, count }) => [name, count - from]));
  }

  /** Marks all batches but the last, which ends at `through`. */
  async function handOver(
    pair: Pair,
    { name, deliver, batch = BATCH, atOnce = 1 }: DossierListener,
    { state, delivered }: HeadItem,
    entriesOf: (range: Range) => Promise<readonly DeliveredEntry[]>,
  ): Promise<Reached & { readonly name: string; readonly count: number }> {
    const { count } = state.dossier;
    const from = delivered?.[name] ?? 0;
    const ranges = rangesOf(from + 1, count, batch);
    const batches = inOrder(
      ranges,
      atOnce,
      async (range) => (await deliver(pair, await entriesOf(range))) ?? range.through,
    );
    let through = from;
    let left = ranges.length;
    for await (through of batches) {
      left -= 1;
      if (left > 0) await mark(pair, { [name]: { from, through } });
    }
    return { name, from, through, count };
  }

  /** Listeners that have reached the same entry mostly ask for the same range, which is then read once. */
  function entriesReader(pair: Pair, count: number): (range: Range) => Promise<readonly DeliveredEntry[]> {
    const read = new Map<string, Promise<readonly DeliveredEntry[]>>();
    return (range) => {
      // Others are those of a backlog, which must not be kept in memory.
      if (range.through < count || range.through - range.from >= BATCH) return readAll(pair, range);
      const key = `${range.from}-${range.through}`;
      const entries = read.get(key) ?? readAll(pair, range);
      read.set(key, entries);
      return entries;
    };
  }

  async function readAll(pair: Pair, { from, through }: Range) {
    const entries = await readEntries(entities, pair, from, through);
    if (entries.length === through - from + 1) return entries;
    throw new MillraceError(
      'REGISTRY_CONTRADICTS_ITSELF',
      `${pairKey(pair)} lacks some of its dossier entries ${from} to ${through}.`,
      { where: pairKey(pair) },
    );
  }

  /**
   * Moves the marks of listeners forward, never back, and clears the pair's due time when no other work is left. A mark that was
   * put back meanwhile stays, since its copies are to be written again.
   */
  function mark(pair: Pair, reached: Readonly<Record<string, Reached>>): Promise<void> {
    return changeMarks(store, pair, ({ delivered }) => {
      const ahead = Object.entries(reached).flatMap(([name, { from, through }]) => {
        const now = delivered[name] ?? 0;
        return now >= from && now < through ? [[name, through] as const] : [];
      });
      if (ahead.length === 0) return undefined;
      return { delivered: { ...delivered, ...Object.fromEntries(ahead) } };
    });
  }

  /** Has the object store's copies from this entry on written again. */
  function copyAgain(pair: Pair, from: number): Promise<void> {
    return changeMarks(store, pair, ({ delivered }) =>
      (delivered[COPIES] ?? 0) < from ? undefined : { delivered: { ...delivered, [COPIES]: from - 1 } },
    );
  }

  return { deliverDossier, copyAgain };
}
