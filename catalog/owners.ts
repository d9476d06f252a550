import { documentKey, findDocument, type ConfigKind, type ConfigSet } from '#configs/config-set.ts';
import type { DocumentKey } from '#configs/config-set.ts';

export type OwnedKind = Exclude<ConfigKind, 'Platform'>;

export interface Owned {
  readonly document: DocumentKey;
  readonly team: string;
}

/** The team that answers for a document; `undefined` if the document is not applied. */
export function ownerOf(configs: ConfigSet, kind: OwnedKind, name: string): Owned | undefined {
  const found = findDocument(configs, { kind, name });
  if (found === undefined || found.kind === 'Platform') return undefined;
  return { document: documentKey(found), team: found.owner };
}

/** Feature sets and models that read a source, directly or through other sets. */
export function readersOf(configs: ConfigSet, source: string): Owned[] {
  const sets = setsReading(configs, source);
  const readingSets = [...configs.featureSets.values()].filter(({ name }) => sets.has(name));
  const readingModels = [...configs.models.values()].filter(
    ({ feature_set, label, fairness }) =>
      sets.has(feature_set) || label.source === source || fairness?.source === source,
  );
  return [...readingSets, ...readingModels].map((one) => ({ document: documentKey(one), team: one.owner }));
}

function setsReading({ featureSets }: ConfigSet, source: string): ReadonlySet<string> {
  const direct = [...featureSets.values()].filter(({ sources }) => sources.includes(source));
  const found = new Set(direct.map(({ name }) => name));
  // Iterating a Set also visits what is added on the way.
  for (const name of found)
    for (const set of featureSets.values()) if (set.feature_sets.includes(name)) found.add(set.name);
  return found;
}
