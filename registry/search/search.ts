import { canonicalJson } from '#configs/canonical.ts';
import { sharedReads } from '#platform/table/shared-reads.ts';
import type { TableHandle } from '#platform/table/table.ts';
import type { Pair } from '#configs/pair.ts';
import type { Entities } from '../entities.ts';
import type { Page, PageRequest } from '#platform/table/page.ts';
import { toStage } from '../read-items.ts';
import { asksForVersion, matchesVersion, type Search } from './search-filters.ts';
import { keyOfVersion, sourceOf, type VersionKey } from './search-sources.ts';
import { LISTED_STAGES, type VersionStage } from '../versions/stage.ts';
import type { Version } from '../versions/version.ts';

/** Index pages that one search looks at before it returns what it has. */
const MOST_ROUNDS = 20;

/**
 * Versions by where they are listed (an alias, tagged versions, or stage by stage), each sorted by model, feature set and
 * version. Read from an index that may lag briefly; stages, tags and aliases themselves are read from the table, so a
 * version that has changed since is left out. A page can hold fewer items than its limit, or none, and still have a next.
 */
export function createSearch(
  table: TableHandle,
  entities: Entities,
  readVersion: (pair: Pair, version: number) => Promise<Version>,
) {
  async function matching(search: Search, keys: readonly VersionKey[]): Promise<readonly VersionStage[]> {
    const stages = await stagesOf(entities, keys);
    const wanted = search.stage === undefined ? LISTED_STAGES : [search.stage];
    const staged = stages.filter(({ stage }) => wanted.includes(stage));
    if (!asksForVersion(search)) return staged;
    const versions = await Promise.all(staged.map((one) => readVersion(pairOf(one), one.version)));
    return staged.filter((_, index) => {
      const version = versions[index];
      return version !== undefined && matchesVersion(version, search);
    });
  }

  async function find(search: Search, page: PageRequest): Promise<Page<VersionStage>> {
    const source = sourceOf(table, entities, search);
    const limit = page.limit ?? 50;
    const items: VersionStage[] = [];
    let { after } = page;
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const found = await source({ limit: limit - items.length, ...(after === undefined ? {} : { after }) });
      items.push(...(await matching(search, found.items)));
      after = found.next;
      if (after === undefined || items.length >= limit) break;
    }
    return { items, ...(after === undefined ? {} : { next: after }) };
  }

  const shared = sharedReads<Page<VersionStage>>();
  return (search: Search, page: PageRequest = {}) =>
    shared(canonicalJson({ search, page }), () => find(search, page));
}

/** By keys, in their order. */
async function stagesOf(entities: Entities, keys: readonly VersionKey[]): Promise<readonly VersionStage[]> {
  const found = new Map<string, VersionStage>();
  let wanted = keys.map(({ model, feature_set, version }) => ({ model, feature_set, version }));
  // DynamoDB leaves out what it could not read in time.
  while (wanted.length > 0) {
    const { data, unprocessed } = await entities.stage.get(wanted).go({ consistent: true });
    for (const item of data) found.set(keyOfVersion(item), toStage(item));
    wanted = unprocessed.map(({ model, feature_set, version }) => ({ model, feature_set, version }));
  }
  return keys.flatMap((key) => found.get(keyOfVersion(key)) ?? []);
}

function pairOf({ model, feature_set }: Pair): Pair {
  return { model, feature_set };
}
