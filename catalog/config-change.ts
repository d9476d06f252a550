import { digestOf } from '#configs/canonical.ts';
import {
  type ConfigDocument,
  type ConfigSet,
  documentKey,
  type DocumentKey,
  findDocument,
  withDocuments,
  withoutDocuments,
} from '#configs/config-set.ts';
import type { AppliedConfigs } from './applied-configs.ts';

/** What an apply asks for. */
export interface ConfigChange {
  /** Documents that shall be applied, changed or not. */
  readonly documents: readonly ConfigDocument[];
  /** Keys of applied documents that shall no longer be applied; none of them is in `documents`. */
  readonly remove: readonly DocumentKey[];
}

/** What a change means on a given state, each list sorted. */
export interface ChangedDocuments {
  readonly created: readonly DocumentKey[];
  readonly changed: readonly DocumentKey[];
  readonly unchanged: readonly DocumentKey[];
  readonly removed: readonly DocumentKey[];
}

export function afterChange(configs: ConfigSet, { documents, remove }: ConfigChange): ConfigSet {
  return withDocuments(withoutDocuments(configs, remove), documents);
}

export function changedDocuments(
  base: AppliedConfigs,
  { documents, remove }: ConfigChange,
): ChangedDocuments {
  const keys = { created: [], changed: [], unchanged: [] } as Record<
    'created' | 'changed' | 'unchanged',
    DocumentKey[]
  >;
  for (const document of documents) keys[effectOf(base, document)].push(documentKey(document));
  return {
    created: keys.created.toSorted(),
    changed: keys.changed.toSorted(),
    unchanged: keys.unchanged.toSorted(),
    removed: remove.filter((key) => base.digests.has(key)).toSorted(),
  };
}

function effectOf(base: AppliedConfigs, document: ConfigDocument): 'created' | 'changed' | 'unchanged' {
  const applied = appliedOne(base, document);
  if (applied === undefined) return 'created';
  return digestOf(applied) === digestOf(document) ? 'unchanged' : 'changed';
}

/** The applied document of the same kind and name. The default rules are not an applied document. */
export function appliedOne(base: AppliedConfigs, document: ConfigDocument): ConfigDocument | undefined {
  return base.digests.has(documentKey(document)) ? findDocument(base.configs, document) : undefined;
}
