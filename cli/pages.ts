/** Every item of a listing, page by page. */
export async function allPages<T>(
  read: (page: Page) => Promise<{ readonly items: readonly T[]; readonly next?: string | undefined }>,
): Promise<T[]> {
  const all: T[] = [];
  for (let after: string | undefined; ;) {
    const { items, next } = await read({ limit: 200, after });
    all.push(...items);
    if (next === undefined) return all;
    after = next;
  }
}

/** The first items of a listing that has no natural end, newest first. */
export async function firstItems<T>(
  most: number,
  read: (page: Page) => Promise<{ readonly items: readonly T[]; readonly next?: string | undefined }>,
): Promise<T[]> {
  const found: T[] = [];
  for (let after: string | undefined; found.length < most;) {
    const { items, next } = await read({ limit: Math.min(200, most - found.length), after });
    found.push(...items);
    if (next === undefined) break;
    after = next;
  }
  return found;
}

interface Page {
  readonly limit: number;
  readonly after: string | undefined;
}
