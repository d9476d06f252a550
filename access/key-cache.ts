import { setTimeout as sleep } from 'node:timers/promises';
import { sharedReads } from '#platform/table/shared-reads.ts';

/** Maximum time that another API process still accepts a revoked key. */
const KEEP_MS = 5_000;
/** Unknown keys cost at most one read of the table in this time, however many requests carry one. */
const REST_MS = 50;

export interface KeyCache<Item> {
  /** All keys by id, as read at most five seconds ago; `undefined` if they are older. */
  kept(): ReadonlyMap<string, Item> | undefined;
  /** All keys by id, from a read that begins after the call and is shared with others who wait for one. */
  read(): Promise<ReadonlyMap<string, Item>>;
  /** Call it after a change: what was read before counts no more. */
  forget(): void;
}

/** Keeps all keys of an installation, of which there are few, so that no request costs a read of its own. */
export function keyCache<Item extends { readonly id: string }>(
  readAll: () => Promise<Item[]>,
): KeyCache<Item> {
  const share = sharedReads<ReadonlyMap<string, Item>>();
  let kept: { readonly items: ReadonlyMap<string, Item>; readonly until: number } | undefined;
  let changes = 0;
  let rested = 0;

  async function readNow(): Promise<ReadonlyMap<string, Item>> {
    await sleep(Math.max(0, rested - performance.now()));
    const before = changes;
    const begun = performance.now();
    const items = new Map((await readAll()).map((item) => [item.id, item]));
    rested = performance.now() + REST_MS;
    // A read that a change overtook may hold what was true before it.
    if (before === changes) kept = { items, until: begun + KEEP_MS };
    return items;
  }

  return {
    kept: () => (kept !== undefined && performance.now() < kept.until ? kept.items : undefined),
    read: () => share('keys', readNow),
    forget() {
      changes += 1;
      kept = undefined;
    },
  };
}
