import { keyOfToken, tokenOfKey, type Page, type PageRequest } from '#platform/table/page.ts';

/**
 * One page of a listing that is bounded by nature and therefore read as a whole, in the order of its keys. The next page begins after the last key, so
 * items that come or go meanwhile neither repeat nor hide others. Throws `PAGE_TOKEN_INVALID`.
 *
 * @param keyOf unique, and in ascending order as text.
 * @param form of every key.
 */
export function pageOfAll<T>(
  all: readonly T[],
  { limit = 50, after }: PageRequest,
  keyOf: (item: T) => string,
  form: RegExp,
): Page<T> {
  const last = after === undefined ? undefined : keyOfToken(after, form);
  const sorted = all.map((item) => ({ item, key: keyOf(item) })).toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const rest = last === undefined ? sorted : sorted.filter(({ key }) => key > last);
  const page = rest.slice(0, limit);
  const end = page.at(-1);
  const more = end !== undefined && rest.length > limit;
  return { items: page.map(({ item }) => item), ...(more ? { next: tokenOfKey(end.key) } : {}) };
}
