import type { ObjectStore } from '#platform/object-store.ts';
import { partWrittenAt } from './part-files.ts';

/** Long enough for the slowest build to commit what it has uploaded. */
export const SWEEP_GRACE_MS = 24 * 3_600_000;

/**
 * Removes parts below `features/` that no manifest names and that were written more than the grace time before `now`
 * (ISO-8601 UTC): what crashed builds left behind. Returns the keys removed.
 */
export async function sweepParts(
  objects: ObjectStore,
  now: string,
  graceMs: number = SWEEP_GRACE_MS,
): Promise<string[]> {
  const removed: string[] = [];
  let folder = '';
  let keys: string[] = [];
  const finish = async (): Promise<void> => {
    const strays = await strayParts(objects, folder, keys, Date.parse(now) - graceMs);
    await objects.remove(strays);
    removed.push(...strays);
  };
  for await (const { key } of objects.list('features/')) {
    const parent = key.slice(0, key.lastIndexOf('/') + 1);
    if (parent !== folder) {
      await finish();
      folder = parent;
      keys = [];
    }
    keys.push(key);
  }
  await finish();
  return removed;
}

async function strayParts(
  objects: ObjectStore,
  folder: string,
  keys: readonly string[],
  writtenBefore: number,
): Promise<string[]> {
  const old = keys.filter((key) => Date.parse(partWrittenAt(key) ?? '') < writtenBefore);
  if (old.length === 0) return [];
  const key = `${folder}manifest.json`;
  if (!keys.includes(key)) return old;
  // Read as text, so that a damaged manifest makes nothing look unnamed that it still mentions.
  const manifest = (await objects.get(key)).toString('utf8');
  return old.filter((part) => !manifest.includes(JSON.stringify(part)));
}
