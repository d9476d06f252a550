import type { ConfigSet } from '#configs/config-set.ts';
import type { ModelConfig } from '#configs/model.ts';
import type { Pair } from '#configs/pair.ts';
import { trainingDefinitions } from '#training/definitions.ts';
import { trainingDigest } from '#training/digest.ts';
import { definitionOf, inOrder } from './config-views.ts';

export interface ModelToRetrain extends Pair {
  readonly because: 'new' | 'training inputs changed' | 'features changed';
}

/** Models whose training inputs or settings change, by name. */
export function modelsToRetrain(before: ConfigSet, after: ConfigSet): ModelToRetrain[] {
  return inOrder(after.models).flatMap((model) => retrainingOf(model, before, after));
}

function retrainingOf(model: ModelConfig, before: ConfigSet, after: ConfigSet): ModelToRetrain[] {
  const pair = { model: model.name, feature_set: model.feature_set };
  const old = before.models.get(model.name);
  if (old === undefined) return [{ ...pair, because: 'new' }];
  if (inputsOf(model, after) === inputsOf(old, before)) return [];
  const sameFeatures =
    model.feature_set === old.feature_set &&
    definitionOf(model.feature_set, after) === definitionOf(old.feature_set, before);
  return [{ ...pair, because: sameFeatures ? 'training inputs changed' : 'features changed' }];
}

/** What the configs contribute to a training. Trainer, partitions and data are left out, since no config changes them. */
function inputsOf(model: ModelConfig, configs: ConfigSet): string {
  const set = configs.featureSets.get(model.feature_set);
  return trainingDigest({
    model,
    definitions: trainingDefinitions(model, set ?? { features: {}, entity: '' }, configs),
    data: { label: '', fairness: null },
    definition_digest: definitionOf(model.feature_set, configs),
    partitions: [],
    trainer_digest: '',
    lock_digest: '',
  });
}
