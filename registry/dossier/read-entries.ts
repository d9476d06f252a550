import type { Pair } from '#configs/pair.ts';
import type { Entities } from '../entities.ts';
import { allOf } from '#platform/table/page.ts';
import type { DeliveredEntry } from './dossier-listener.ts';
import type { Range } from './ranges.ts';

/** The highest number that fits into an entry's key. */
export const LAST_ENTRY = 99_999_999;

/** The stored entries of a range, by number, strongly consistent. Numbers without an entry are left out. */
export function readEntries(
  entities: Entities,
  pair: Pair,
  from: number,
  through: number,
): Promise<readonly DeliveredEntry[]> {
  const query = entities.entry.query.byPair(pair).between({ entry: from }, { entry: through });
  return allOf(query, ({ entry, text, digest }) => ({ seq: entry, text, digest }));
}

export async function entriesByNumber(
  entities: Entities,
  pair: Pair,
  { from, through }: Range,
): Promise<ReadonlyMap<number, DeliveredEntry>> {
  const entries = await readEntries(entities, pair, from, through);
  return new Map(entries.map((entry) => [entry.seq, entry]));
}
