import type { FeatureSetConfig } from '#configs/feature-set.ts';
import { definitionDigest } from '../definition.ts';
import type { FeatureConfigs } from '#catalog/feature-configs.ts';
import { snapshotInputs, snapshotsOf, type InputStores } from './inputs.ts';
import type { PartitionRef } from './partition.ts';
import { isStale, nextRevision } from './revision.ts';

/**
 * Result of a refresh of one date: the newest revision if its inputs are unchanged, else the next one, still to be built.
 * Reads only listings and manifests.
 */
export async function planRefresh(
  stores: InputStores,
  set: FeatureSetConfig,
  configs: FeatureConfigs,
  dt: string,
): Promise<{ readonly ref: PartitionRef; readonly build: boolean }> {
  const definition_digest = definitionDigest(set, configs);
  const newest = await stores.partitions.newest(set.name, definition_digest, dt);
  const ref = (revision: number): PartitionRef => ({
    feature_set: set.name,
    definition_digest,
    dt,
    revision,
  });
  if (newest === undefined) return { ref: ref(1), build: true };
  const now = snapshotsOf(await snapshotInputs(stores, set, configs, dt));
  return isStale(newest, now)
    ? { ref: ref(nextRevision([newest])), build: true }
    : { ref: ref(newest.revision), build: false };
}
