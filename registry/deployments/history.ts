import type { Pair } from '#configs/pair.ts';
import { onePage, type Page, type PageRequest } from '#platform/table/page.ts';
import type { Entities } from '../entities.ts';
import { millisecondBefore } from '../instant.ts';
import type { EndedBy } from './deployment.ts';

/** An interval in which one version was live: from `live_from` (inclusive) to `live_until` (exclusive). */
export interface LiveInterval {
  readonly deployment: number;
  readonly version: number;
  /** UTC instants. */
  readonly live_from: string;
  /** Null while the version is live. */
  readonly live_until: string | null;
  /** Absent while the version is live. */
  readonly ended_by?: EndedBy;
}

/** Sorts before every instant. */
export const EARLIEST = '0';

/** The live intervals of a pair, oldest first. They never overlap. */
export function historyPage(entities: Entities, pair: Pair, page: PageRequest): Promise<Page<LiveInterval>> {
  return onePage(entities.interval.query.byPair(pair), page, { consistent: true }, toInterval);
}

/** The interval that contains an instant: the last one that had begun, unless it had ended too. */
export async function intervalAt(
  entities: Entities,
  pair: Pair,
  instant: string,
): Promise<LiveInterval | undefined> {
  const found = await lastBegun(entities, pair, instant);
  const ended = found !== undefined && found.live_until !== null && found.live_until <= instant;
  return ended ? undefined : found;
}

/** The interval that ended when another one began. */
export async function intervalReplaced(
  entities: Entities,
  pair: Pair,
  liveFrom: string,
): Promise<LiveInterval | undefined> {
  const found = await lastBegun(entities, pair, millisecondBefore(liveFrom));
  return found?.live_until === liveFrom ? found : undefined;
}

async function lastBegun(entities: Entities, pair: Pair, instant: string): Promise<LiveInterval | undefined> {
  const begun = entities.interval.query.byPair(pair).between({ live_from: EARLIEST }, { live_from: instant });
  const { items } = await onePage(begun, { limit: 1 }, { order: 'desc', consistent: true }, toInterval);
  return items[0];
}

type IntervalItem = NonNullable<Awaited<ReturnType<ReturnType<Entities['interval']['get']>['go']>>['data']>;

function toInterval(item: IntervalItem): LiveInterval {
  const { deployment, version, live_from, live_until = null, ended_by } = item;
  const interval = { deployment, version, live_from, live_until };
  return ended_by === undefined ? interval : { ...interval, ended_by };
}
