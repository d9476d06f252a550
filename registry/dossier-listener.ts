import type { Pair } from '#configs/pair.ts';
import type { StoredEntry } from './dossier.ts';

/** A dossier entry as listeners get it: its number, its exact bytes and their SHA-256. */
export interface DeliveredEntry extends StoredEntry {
  readonly seq: number;
}

/**
 * A receiver of dossier entries outside the registry. It gets every entry of every pair at least once, and each pair's
 * entries in order: after a failure or a crash it gets again what was not marked as delivered. So `deliver` is idempotent by
 * `seq` and `digest`. Listeners do not wait for each other.
 */
export interface DossierListener {
  /** Names its progress in the heads of the pairs. Under a new name a listener gets every entry from the first one on. */
  readonly name: string;
  /** Entries without a gap, of one pair. They are marked as delivered once this resolves. */
  readonly deliver: (pair: Pair, entries: readonly DeliveredEntry[]) => Promise<void>;
}
