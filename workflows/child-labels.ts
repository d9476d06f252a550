import { type SearchAttributePair } from '@temporalio/common';
import { workflowInfo } from '@temporalio/workflow';
import { SEARCH_ATTRIBUTES, searchAttributes, type Labels } from './contract/search-attributes.ts';

/** What a child has in common with its parent. */
const SHARED = [SEARCH_ATTRIBUTES.model, SEARCH_ATTRIBUTES.featureSet, SEARCH_ATTRIBUTES.team] as const;

/** Search attributes of a child: those of the parent that hold for it too, and its own. Temporal hands on none. */
export function childLabels(own: Labels): { readonly typedSearchAttributes: SearchAttributePair[] } {
  const pairs = searchAttributes(own);
  const known = new Set(pairs.map(({ key }) => key.name));
  const parents = workflowInfo().typedSearchAttributes;
  for (const key of SHARED) {
    const value = parents.get(key);
    if (value !== undefined && !known.has(key.name)) pairs.push({ key, value });
  }
  return { typedSearchAttributes: pairs };
}
