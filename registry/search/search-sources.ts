import type { TableHandle } from '#platform/table/table.ts';
import type { Pair } from '#configs/pair.ts';
import type { Entities } from '../entities.ts';
import { findAlias, LIVE_ALIAS } from '../labels/alias.ts';
import { readTags } from '../labels/tags.ts';
import { badPageToken, type Page, type PageRequest } from '#platform/table/page.ts';
import { hasTags, type Search } from './search-filters.ts';
import { shardedPage } from './sharded-listing.ts';
import { listingPartitions } from '../shards.ts';
import { LISTED_STAGES, type Stage } from '../versions/stage.ts';

export interface VersionKey extends Pair {
  readonly version: number;
}

/** Pages of versions that may match; a page can hold fewer than its limit, or none, and still have a next. */
export type Source = (page: PageRequest) => Promise<Page<VersionKey>>;

/** The listing that leaves the fewest versions to look at. */
export function sourceOf(table: TableHandle, entities: Entities, search: Search): Source {
  const { alias, tags = {} } = search;
  if (alias === LIVE_ALIAS) return liveSource(table, entities, search);
  if (alias !== undefined) return aliasSource(table, entities, alias, search);
  if (Object.keys(tags).length > 0) return taggedSource(table, entities, search);
  return stageSource(table, search);
}

function aliasSource(table: TableHandle, entities: Entities, alias: string, search: Search): Source {
  const { model, feature_set, tags = {} } = search;
  const prefix = prefixOf(model, feature_set).replace(/\/$/, feature_set === undefined ? '/' : '');
  const listing = { index: 'gsi2', partitions: listingPartitions(`alias#${alias}`, model), prefix } as const;
  return async (page) => {
    const { items, next } = await shardedPage(table, listing, page);
    const pairs = items
      .map(pairOfKey)
      .filter((pair) => (feature_set ?? pair.feature_set) === pair.feature_set);
    const found = await Promise.all(pairs.map((pair) => findAlias(entities, pair, alias)));
    const keys = found.flatMap((one) => (one === undefined ? [] : [one]));
    const tagged = await withTags(entities, keys, tags);
    return { items: tagged, ...(next === undefined ? {} : { next }) };
  };
}

function taggedSource(table: TableHandle, entities: Entities, search: Search): Source {
  const { model, feature_set, tags = {} } = search;
  const partitions = listingPartitions('tagged', model);
  const listing = { index: 'gsi2', partitions, prefix: prefixOf(model, feature_set) } as const;
  return async (page) => {
    const { items, next } = await shardedPage(table, listing, page);
    const tagged = await withTags(entities, items.map(versionOfKey), tags);
    return { items: tagged, ...(next === undefined ? {} : { next }) };
  };
}

/** The live versions: no item says where `live` points. */
function liveSource(table: TableHandle, entities: Entities, search: Search): Source {
  const live = stageSource(table, { ...search, stage: 'live' });
  return async (page) => {
    const { items, ...rest } = await live(page);
    return { items: await withTags(entities, items, search.tags ?? {}), ...rest };
  };
}

async function withTags(
  entities: Entities,
  keys: readonly VersionKey[],
  wanted: NonNullable<Search['tags']>,
): Promise<readonly VersionKey[]> {
  if (Object.keys(wanted).length === 0) return keys;
  const tags = await Promise.all(keys.map((key) => readTags(entities, key, key.version)));
  return keys.filter((_, index) => hasTags(tags[index]?.tags ?? {}, wanted));
}

/** Stage by stage; the token names the stage that it continues in. */
function stageSource(table: TableHandle, { stage, model, feature_set }: Search): Source {
  const stages = stage === undefined ? LISTED_STAGES : [stage];
  return async ({ limit = 50, after }) => {
    const items: VersionKey[] = [];
    let place = startOf(stages, after);
    while (place !== undefined && items.length < limit) {
      const partitions = listingPartitions(`stage#${place.stage}`, model);
      const found = await shardedPage(
        table,
        { index: 'gsi2', partitions, prefix: prefixOf(model, feature_set) },
        { limit: limit - items.length, ...(place.after === undefined ? {} : { after: place.after }) },
      );
      items.push(...found.items.map(versionOfKey));
      place =
        found.next === undefined
          ? startOf(stagesAfter(stages, place.stage))
          : { stage: place.stage, after: found.next };
    }
    return { items, ...(place === undefined ? {} : { next: tokenOf(place) }) };
  };
}

function prefixOf(model: string | undefined, feature_set: string | undefined): string {
  if (model === undefined) return '';
  return feature_set === undefined ? `${model}/` : `${model}/${feature_set}/`;
}

function pairOfKey(key: string): Pair {
  const [model = '', feature_set = ''] = key.split('/');
  return { model, feature_set };
}

function versionOfKey(key: string): VersionKey {
  return { ...pairOfKey(key), version: Number(key.split('/')[2]) };
}

export function keyOfVersion({ model, feature_set, version }: VersionKey): string {
  return `${model}/${feature_set}/${String(version).padStart(8, '0')}`;
}

interface Place {
  readonly stage: Stage;
  readonly after?: string;
}

function startOf(stages: readonly Stage[], token?: string): Place | undefined {
  if (token === undefined) return stages[0] === undefined ? undefined : { stage: stages[0] };
  const [name, after = ''] = token.split('.', 2);
  const stage = stages.find((one) => one === name);
  if (stage === undefined) throw badPageToken(token);
  return after === '' ? { stage } : { stage, after };
}

function tokenOf({ stage, after = '' }: Place): string {
  return `${stage}.${after}`;
}

function stagesAfter(stages: readonly Stage[], stage: Stage): readonly Stage[] {
  return stages.slice(stages.indexOf(stage) + 1);
}
