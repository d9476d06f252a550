import type { Pair } from '#configs/pair.ts';
import type { StoredEntry } from './dossier.ts';

/** A dossier entry as listeners receive it: its number, its exact bytes, and their SHA-256. */
export interface DeliveredEntry extends StoredEntry {
  readonly seq: number;
}

/**
 * Receives dossier entries outside the registry: every entry of every pair at least once, and each pair's entries in
 * order. After a failure or a crash, entries not yet marked as delivered are sent again, so `deliver` must be
 * idempotent by `seq` and `digest`. A failing listener holds back no other; calls of a listener must be limited in time, because
 * the last batches of all are marked together.
 */
export interface DossierListener {
  /** Identifies its progress in the heads of the pairs. A new name receives every entry from the first one on. */
  readonly name: string;
  /** How many entries at most are delivered before they are marked; default 25. No batch crosses a multiple of it. */
  readonly batch?: number;
  /**
   * How many batches of a pair are delivered at the same time; default 1. They are marked in order. With more than
   * one, later batches may arrive before earlier ones.
   */
  readonly atOnce?: number;
  /**
   * Consecutive entries of one pair. They are marked as delivered once this resolves, as are those up to the number
   * that it returns, if it found that it has later ones already.
   */
  readonly deliver: (pair: Pair, entries: readonly DeliveredEntry[]) => Promise<number | void>;
}
