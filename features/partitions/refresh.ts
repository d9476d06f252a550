import type { FeatureSetConfig } from '#configs/feature-set.ts';
import { hasCode } from '#errors/cause.ts';
import { definitionDigest } from '../definition.ts';
import { type FeatureConfigs, featureSetNamed } from '#catalog/feature-configs.ts';
import { completeFrom } from '../sources/visible-files.ts';
import { snapshotInputs, snapshotsOf, type InputStores } from './inputs.ts';
import type { PartitionManifest, PartitionRef } from './partition.ts';
import { isStale, nextRevision } from './revision.ts';
import { upstreamDateOf } from './upstream-date.ts';

/** The partition of a date that is to be used. */
export interface PartitionChoice {
  readonly ref: PartitionRef;
  /** Whether it is still to be built. */
  readonly build: boolean;
  /** The newest revision, if its inputs have changed since it was built; `ref` may be the one after it. */
  readonly stale?: number;
}

/**
 * Result of a refresh of one date: the newest revision if nothing that it could see has changed, in its sources and in those of
 * the sets below it; else the next one, still to be built. Reads only listings, footers and manifests.
 */
export async function planRefresh(
  stores: InputStores,
  set: FeatureSetConfig,
  configs: FeatureConfigs,
  dt: string,
): Promise<PartitionChoice> {
  return refreshBelow(stores, set, { configs, seen: new Map() }, dt);
}

/**
 * The partition that stands for a date, without a refresh: the newest revision, or the first, still to be built. A revision that
 * was built before everything was known that it may see stands only if nothing has been added since; else the next one does.
 */
export async function standingPartition(
  stores: InputStores,
  set: FeatureSetConfig,
  configs: FeatureConfigs,
  dt: string,
): Promise<PartitionChoice> {
  const { newest, ref } = await newestOf(stores, set, configs, dt);
  if (newest === undefined) return { ref: ref(1), build: true };
  if (readAt(newest) >= completeFrom(set, dt)) return { ref: ref(newest.revision), build: false };
  return planRefresh(stores, set, configs, dt);
}

/**
 * The same, and whether the inputs of the newest revision have changed since. A source that cannot be read now does not change
 * what was built from it.
 */
export async function standingAndStale(
  stores: InputStores,
  set: FeatureSetConfig,
  configs: FeatureConfigs,
  dt: string,
): Promise<PartitionChoice> {
  const standing = await standingPartition(stores, set, configs, dt);
  if (standing.build) return standing;
  try {
    const { build } = await planRefresh(stores, set, configs, dt);
    return build ? { ...standing, stale: standing.ref.revision } : standing;
  } catch (error) {
    if (UNREADABLE.some((code) => hasCode(error, code))) return standing;
    throw error;
  }
}

const UNREADABLE = ['SOURCE_EMPTY', 'SOURCE_FILE_UNREADABLE', 'SOURCE_CHANGED'] as const;

interface Walk {
  readonly configs: FeatureConfigs;
  /** Each set and date once, however many sets read it. */
  readonly seen: Map<string, Promise<PartitionChoice>>;
}

function refreshBelow(
  stores: InputStores,
  set: FeatureSetConfig,
  walk: Walk,
  dt: string,
): Promise<PartitionChoice> {
  const key = `${set.name} ${dt}`;
  const known = walk.seen.get(key) ?? refreshOne(stores, set, walk, dt);
  walk.seen.set(key, known);
  return known;
}

async function refreshOne(
  stores: InputStores,
  set: FeatureSetConfig,
  walk: Walk,
  dt: string,
): Promise<PartitionChoice> {
  const { configs } = walk;
  const { newest, ref } = await newestOf(stores, set, configs, dt);
  if (newest === undefined) return { ref: ref(1), build: true };
  const below = await Promise.all(
    set.feature_sets
      .map((name) => featureSetNamed(configs, name))
      .map((read) => refreshBelow(stores, read, walk, upstreamDateOf(read, dt))),
  );
  const changed =
    below.some(({ build }) => build) ||
    isStale(newest, snapshotsOf(await snapshotInputs(stores, set, configs, dt)));
  if (!changed) return { ref: ref(newest.revision), build: false };
  return { ref: ref(nextRevision([newest])), build: true, stale: newest.revision };
}

/** When the inputs of a partition were listed, at the latest. UTC instant. */
function readAt({ built_at, build_seconds = 0 }: PartitionManifest): string {
  return new Date(Date.parse(built_at) - 1_000 * build_seconds).toISOString();
}

async function newestOf(
  { partitions }: InputStores,
  set: FeatureSetConfig,
  configs: FeatureConfigs,
  dt: string,
): Promise<{
  readonly newest: PartitionManifest | undefined;
  readonly ref: (revision: number) => PartitionRef;
}> {
  const definition_digest = definitionDigest(set, configs);
  const newest = await partitions.newest(set.name, definition_digest, dt);
  return { newest, ref: (revision) => ({ feature_set: set.name, definition_digest, dt, revision }) };
}
