import type { ConfigSet, DocumentKey } from '#configs/config-set.ts';
import { documentKey } from '#configs/config-set.ts';
import type { Pair } from '#configs/pair.ts';
import { type AppliedConfigs, type ChangedKey, TRAINING_RULES } from './applied-configs.ts';
import type { ConfigStore } from './config-store.ts';
import { featureSetNamed } from './feature-configs.ts';

/**
 * Everyone who changed what a version of the pair is made from, sorted: its model, the feature sets it reads
 * (transitively), their sources, those of label and fairness, and the training rules.
 *
 * @param made the configs that the version was trained with.
 * @param reviewed the configs of the version that others have approved before. Changes up to there do not count again,
 * except those of documents that the approved version was not made from. Null if there is none: then all changes count.
 */
export async function authorsOf(
  store: Pick<ConfigStore, 'revisionsBetween'>,
  pair: Pair,
  made: AppliedConfigs,
  reviewed: AppliedConfigs | null,
): Promise<readonly string[]> {
  const known = reviewed === null ? new Set<ChangedKey>() : documentsBehind(reviewed.configs, pair);
  const since = reviewed?.revision ?? 0;
  const wanted = documentsBehind(made.configs, pair);
  const allKnown = [...wanted].every((key) => known.has(key));
  const authors = new Set<string>();
  for await (const { revision, principal, changed } of store.revisionsBetween(
    allKnown ? since : 0,
    made.revision,
  )) {
    const counts = changed.some((key) => wanted.has(key) && (revision > since || !known.has(key)));
    if (counts) authors.add(principal);
  }
  return [...authors].toSorted();
}

/** What a version of the pair is made from. A pair that these configs do not hold is made from the training rules only. */
export function documentsBehind(configs: ConfigSet, pair: Pair): ReadonlySet<ChangedKey> {
  const found = new Set<ChangedKey>([TRAINING_RULES]);
  const model = configs.models.get(pair.model);
  if (model !== undefined) {
    found.add(documentKey(model));
    found.add(sourceKey(model.label.source));
    if (model.fairness !== undefined) found.add(sourceKey(model.fairness.source));
  }
  if (configs.featureSets.has(pair.feature_set)) addSet(configs, pair.feature_set, found);
  return found;
}

function addSet(configs: ConfigSet, name: string, found: Set<ChangedKey>): void {
  const key: DocumentKey = `FeatureSet/${name}`;
  if (found.has(key)) return;
  found.add(key);
  const set = featureSetNamed(configs, name);
  for (const source of set.sources) found.add(sourceKey(source));
  for (const read of set.feature_sets) addSet(configs, read, found);
}

function sourceKey(name: string): DocumentKey {
  return `Source/${name}`;
}
