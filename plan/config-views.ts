import type { ConfigSet } from '#configs/config-set.ts';
import { definitionDigest } from '#features/definition.ts';

/** Definition digest of a set; empty if the set does not exist. */
export function definitionOf(name: string, configs: ConfigSet): string {
  const set = configs.featureSets.get(name);
  return set === undefined ? '' : definitionDigest(set, configs);
}

/** Sorted by name, so that the order of files and documents does not matter. */
export function inOrder<T extends { readonly name: string }>(documents: ReadonlyMap<string, T>): T[] {
  return [...documents.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
