import type { TableHandle } from '#platform/table/table.ts';
import type { Pair } from '#configs/pair.ts';
import type { Entities } from './entities.ts';
import { badPageToken, type Page, type PageRequest } from './page.ts';
import { toStage } from './read-items.ts';
import { shardedPage } from './sharded-listing.ts';
import { listingPartitions } from './shards.ts';
import { LISTED_STAGES, type Stage, type VersionStage } from './stage.ts';

export interface Search {
  /** Default: all stages but `deleted`. */
  readonly stage?: Stage;
  readonly model?: string;
  /** Only valid together with `model`. */
  readonly feature_set?: string;
}

/**
 * Versions by stage, model and feature set: stage by stage, each sorted by model, feature set and version. Read from
 * an index that may lag briefly; the stages themselves are read from the table, so a version that has moved on since
 * is left out.
 */
export function createSearch(table: TableHandle, entities: Entities) {
  return async (
    { stage, model, feature_set }: Search,
    page: PageRequest = {},
  ): Promise<Page<VersionStage>> => {
    const stages = stage === undefined ? LISTED_STAGES : [stage];
    const limit = page.limit ?? 50;
    const items: VersionStage[] = [];
    let place = startOf(stages, page.after);
    while (place !== undefined && items.length < limit) {
      const found = await shardedPage(
        table,
        {
          index: 'gsi2',
          partitions: listingPartitions(`stage#${place.stage}`, model),
          prefix: prefixOf(model, feature_set),
        },
        {
          limit: limit - items.length,
          ...(place.after === undefined ? {} : { after: place.after }),
        },
      );
      items.push(...(await stagesOf(entities, place.stage, found.items)));
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

/** By keys of the index, in their order. */
async function stagesOf(
  entities: Entities,
  stage: Stage,
  keys: readonly string[],
): Promise<readonly VersionStage[]> {
  const found = new Map<string, VersionStage>();
  let wanted = keys.map(versionOfKey);
  // DynamoDB leaves out what it could not read in time.
  while (wanted.length > 0) {
    const { data, unprocessed } = await entities.stage.get(wanted).go({ consistent: true });
    for (const item of data) found.set(keyOfVersion(item), toStage(item));
    wanted = unprocessed.map(({ model, feature_set, version }) => ({ model, feature_set, version }));
  }
  return keys.flatMap((key) => {
    const one = found.get(key);
    return one?.stage === stage ? [one] : [];
  });
}

interface VersionKey extends Pair {
  readonly version: number;
}

function versionOfKey(key: string): VersionKey {
  const [model = '', feature_set = '', version] = key.split('/');
  return { model, feature_set, version: Number(version) };
}

function keyOfVersion({ model, feature_set, version }: VersionKey): string {
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
