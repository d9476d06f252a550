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

interface Page {
  readonly limit: number;
  readonly after: string | undefined;
}
