import type { ConfigSet } from '#configs/config-set.ts';
import { definitionDigest } from '#features/definition.ts';

/** Definition digest of a set; empty when there is none of this name. */
export function definitionOf(name: string, configs: ConfigSet): string {
  const set = configs.featureSets.get(name);
  return set === undefined ? '' : definitionDigest(set, configs);
}

/** By name: the order of files and documents decides nothing. */
export function inOrder<T extends { readonly name: string }>(documents: ReadonlyMap<string, T>): T[] {
  return [...documents.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
