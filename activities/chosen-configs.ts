import type { FeatureSetConfig } from '#configs/feature-set.ts';
import type { ModelConfig } from '#configs/model.ts';
import type { PlatformConfig } from '#configs/platform.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { definitionDigest } from '#features/definition.ts';
import type { Pair } from '#configs/pair.ts';
import type { AppliedConfigs, ConfigStore } from '#catalog/config-store.ts';
import type { ConfigsDigest } from '#workflows/contract/messages.ts';

export interface ChosenConfigs {
  readonly all: AppliedConfigs['configs'];
  readonly model: ModelConfig;
  readonly set: FeatureSetConfig;
  readonly platform: PlatformConfig;
  readonly definition_digest: string;
  /** Principal of the last apply that changed the model. */
  readonly author: string;
}

/** The documents that a run was started with, regardless of later applies. Throws `TRAINING_INPUTS_UNKNOWN`. */
export async function chosenConfigs(
  store: ConfigStore,
  digest: ConfigsDigest,
  pair: Pair,
): Promise<ChosenConfigs> {
  const applied = await store.at(digest);
  const model = applied.configs.models.get(pair.model);
  const set = applied.configs.featureSets.get(pair.feature_set);
  const author = applied.authors.get(`Model/${pair.model}`);
  if (model === undefined || set === undefined || author === undefined) {
    throw new MillraceError(
      'TRAINING_INPUTS_UNKNOWN',
      `Configs ${digest} hold no model "${pair.model}" on feature set "${pair.feature_set}".`,
      { where: `configs ${digest}` },
    );
  }
  return {
    all: applied.configs,
    model,
    set,
    platform: applied.configs.platform,
    definition_digest: definitionDigest(set, applied.configs),
    author,
  };
}
