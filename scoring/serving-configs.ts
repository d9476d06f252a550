import { definitionDigest } from '#features/definition.ts';
import type { AppliedConfigs, ConfigStore } from '#catalog/config-store.ts';
import type { Version } from '#registry/versions/version.ts';

/**
 * The configs that build a version's features day to day. These are the current configs while they define the feature set
 * as in training, so that a longer calendar or new thresholds take effect at once; otherwise the configs of the training.
 * A live version's features must keep the definition it was trained on.
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
