import { badPageToken, type Page, type PageRequest } from '#platform/table/page.ts';

/**
 * One page of a listing that was read as a whole, in the order of its keys. The next page begins after the last key, so
 * items that come or go meanwhile neither repeat nor hide others. Throws `PAGE_TOKEN_INVALID`.
 *
 * @param keyOf unique, and in ascending order as text.
 */
export function pageOfAll<T>(
  all: readonly T[],
  { limit = 50, after }: PageRequest,
  keyOf: (item: T) => string,
): Page<T> {
  const last = after === undefined ? undefined : keyOfToken(after);
  const sorted = all.map((item) => ({ item, key: keyOf(item) })).toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const rest = last === undefined ? sorted : sorted.filter(({ key }) => key > last);
  const page = rest.slice(0, limit);
  const end = page.at(-1);
  const more = end !== undefined && rest.length > limit;
  return { items: page.map(({ item }) => item), ...(more ? { next: tokenOf(end.key) } : {}) };
}

/** A number within a key, so that text sorts as numbers do. */
export function padded(number: number): string {
  return String(number).padStart(10, '0');
}

function tokenOf(key: string): string {
  return Buffer.from(key).toString('base64url');
}

function keyOfToken(token: string): string {
  const key = Buffer.from(token, 'base64url').toString();
  if (key !== '' && tokenOf(key) === token) return key;
  throw badPageToken(token);
}
