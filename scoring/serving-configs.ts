import { definitionDigest } from '#features/definition.ts';
import type { AppliedConfigs, ConfigStore } from '#catalog/config-store.ts';
import type { Version } from '#registry/version.ts';

/**
 * The configs by which a version's features are built from day to day: the current ones while the feature set is still
 * defined there as the version learnt it, so that a longer calendar or other thresholds count at once; else those it was
 * trained under. Its partitions must stay what they were until it leaves live.
 */
export async function servingConfigs(
  store: Pick<ConfigStore, 'at' | 'current'>,
  version: Pick<Version, 'feature_set' | 'definition_digest' | 'configs'>,
): Promise<AppliedConfigs> {
  const current = await store.current();
  const set = current.configs.featureSets.get(version.feature_set);
  if (set !== undefined && definitionDigest(set, current.configs) === version.definition_digest)
    return current;
  return store.at(version.configs);
}
