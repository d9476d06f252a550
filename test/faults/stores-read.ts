import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { commitFolders } from '#activities/commit-folders.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { sweepStrays } from '#platform/manifests/sweep-strays.ts';
import type { TableHandle } from '#platform/table/table.ts';

export type Item = Readonly<Record<string, unknown>> & { readonly pk: string; readonly sk: string };

/** Every item of a table, strongly consistent. */
export async function scanTable(table: TableHandle): Promise<readonly Item[]> {
  const items: Item[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const page = await table.client.send(
      new ScanCommand({ TableName: table.name, ConsistentRead: true, ExclusiveStartKey: from }),
    );
    items.push(...((page.Items ?? []) as Item[]));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return items.toSorted((a, b) => (`${a.pk} ${a.sk}` < `${b.pk} ${b.sk}` ? -1 : 1));
}

/** Every key below a prefix. */
export async function keysBelow(objects: ObjectStore, prefix: string): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { key } of objects.list(prefix)) keys.push(key);
  return keys.toSorted();
}

/** Titles of the jobs that were ever started in a platform's home, one for each job folder. */
export async function jobTitles(home: string): Promise<readonly string[]> {
  const root = join(home, 'jobs');
  const folders = (await readdir(root)).filter((name) => !name.startsWith('.'));
  const specs = folders.map(async (name) =>
    JSON.parse(await readFile(join(root, name, 'spec.json'), 'utf8')),
  );
  return (await Promise.all(specs)).map(({ title }: { readonly title: string }) => title);
}

/** The night's sweep, as if a day had passed since the last write. */
export async function sweepAll(objects: ObjectStore): Promise<readonly string[]> {
  const swept: string[] = [];
  for (const folders of commitFolders(() => Promise.resolve(false))) {
    const now = new Date(Date.now() + 60_000).toISOString();
    swept.push(...(await sweepStrays(objects, folders, { now, graceMs: 0 })).removed);
  }
  return swept;
}
