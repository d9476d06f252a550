import { ElectroError } from 'electrodb';
import { MillraceError } from '#errors/millrace-error.ts';

export interface PageRequest {
  /** Maximum number of items per page, 1 to 200; default 50. */
  readonly limit?: number;
  /** `next` of the previous page. */
  readonly after?: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Token for the next page, which may be empty. Absent on the last page. */
  readonly next?: string;
}

interface Query<T> {
  go(options: {
    readonly cursor: string | null;
    readonly limit?: number;
    readonly order?: 'asc' | 'desc';
    readonly consistent?: boolean;
    readonly pages?: number | 'all';
  }): Promise<{ readonly data: readonly T[]; readonly cursor: string | null }>;
}

/**
 * One page of a query. Index queries are eventually consistent; queries of one pair's items can be strongly
 * consistent. Throws `PAGE_TOKEN_INVALID`.
 */
export async function onePage<T, R>(
  query: Query<T>,
  { limit = 50, after }: PageRequest,
  options: { readonly order?: 'asc' | 'desc'; readonly consistent?: boolean },
  map: (item: T) => R,
): Promise<Page<R>> {
  try {
    const { data, cursor } = await query.go({ ...options, cursor: after ?? null, limit, pages: 1 });
    return { items: data.map(map), ...(cursor === null ? {} : { next: cursor }) };
  } catch (error) {
    if (after === undefined || !isBadCursor(error)) throw error;
    throw badPageToken(after, error);
  }
}

export function badPageToken(token: string, cause?: unknown): MillraceError {
  return new MillraceError(
    'PAGE_TOKEN_INVALID',
    `${JSON.stringify(token)} is not a page token of this listing.`,
    {
      cause,
    },
  );
}

/** A token that names the last key of a page, after which the next page begins. */
export function tokenOfKey(key: string): string {
  return Buffer.from(key).toString('base64url');
}

/** Throws `PAGE_TOKEN_INVALID` unless the token names a key of this form. */
export function keyOfToken(token: string, form: RegExp): string {
  const key = Buffer.from(token, 'base64url').toString();
  if (tokenOfKey(key) === token && form.test(key)) return key;
  throw badPageToken(token);
}

/** Every item, read strongly consistently; only for the items of one pair. */
export async function allOf<T, R>(query: Query<T>, map: (item: T) => R): Promise<readonly R[]> {
  const { data } = await query.go({ cursor: null, consistent: true, pages: 'all' });
  return data.map(map);
}

/** ElectroDB wraps both a token it cannot decode and a key that DynamoDB rejects. */
function isBadCursor(error: unknown): boolean {
  const cause: unknown = error instanceof ElectroError ? (error.cause ?? error) : error;
  return (
    (error instanceof ElectroError && /cursor/i.test(error.message)) ||
    (cause instanceof Error && cause.name === 'ValidationException')
  );
}
