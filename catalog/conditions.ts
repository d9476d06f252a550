import { digestOf } from '#configs/canonical.ts';
import { type ConfigDocument, type ConfigSet, documentKey } from '#configs/config-set.ts';
import { type AppliedConfigs, type ChangedKey, TRAINING_RULES } from './applied-configs.ts';
import { afterChange, type ConfigChange } from './config-change.ts';
import { inputsOf } from './restricted-reading.ts';

/** Digests of applied documents, by key; null for a document that is not applied. */
export type Conditions = ReadonlyMap<ChangedKey, string | null>;

/**
 * What must not move between a plan and its apply: every document that the change declares or removes, all that the
 * declared ones read (transitively), and the rule of the Platform document that models are validated against.
 */
export function conditionsOf(applied: AppliedConfigs, change: ConfigChange): Conditions {
  const after = afterChange(applied.configs, change);
  const keys = new Set<ChangedKey>(change.remove);
  for (const document of change.documents) addWithInputs(after, document, keys);
  if (change.documents.some(({ kind }) => kind === 'Model')) keys.add(TRAINING_RULES);
  return new Map(
    [...keys]
      .toSorted()
      .map((key) => [
        key,
        key === TRAINING_RULES
          ? digestOf(applied.configs.platform.training.packages)
          : (applied.digests.get(key) ?? null),
      ]),
  );
}

/** Keys at which two states differ, of those that the change depends on. */
export function movedBetween(
  planned: AppliedConfigs,
  current: AppliedConfigs,
  change: ConfigChange,
): ChangedKey[] {
  const before = conditionsOf(planned, change);
  const now = conditionsOf(current, change);
  const keys = new Set([...before.keys(), ...now.keys()]);
  return [...keys].filter((key) => before.get(key) !== now.get(key)).toSorted();
}

/**
 * Names a plan: the revision that it was made on, and a digest of what it declares and removes and of its conditions.
 * Only the same change, made on that revision, has this name.
 */
export function planDigest(applied: AppliedConfigs, change: ConfigChange): string {
  const digest = digestOf({
    documents: Object.fromEntries(change.documents.map((one) => [documentKey(one), digestOf(one)])),
    remove: change.remove.toSorted(),
    conditions: Object.fromEntries(conditionsOf(applied, change)),
  });
  return `${applied.revision}-${digest}`;
}

function addWithInputs(
  configs: ConfigSet,
  { kind, name }: Pick<ConfigDocument, 'kind' | 'name'>,
  found: Set<ChangedKey>,
): void {
  const key = documentKey({ kind, name });
  if (found.has(key)) return;
  found.add(key);
  if (kind === 'Platform') return;
  for (const input of inputsOf(configs, kind, name)) addWithInputs(configs, input, found);
}
