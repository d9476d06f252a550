import type { ObjectStore } from '../objects/object-store.ts';
import { getIfPresent } from '../objects/verified-object.ts';
import { manifestIn } from './manifest-store.ts';

/** Younger objects are never removed, so a writer has this long between writing a file and committing its manifest. */
export const SWEEP_GRACE_MS = 24 * 3_600_000;

/** Objects below one prefix, in folders that a `manifest.json` commits. */
export interface CommitFolders {
  /** How long files without a manifest are kept; default `SWEEP_GRACE_MS`. */
  readonly graceMs?: number;
  /** Such as `features/`. */
  readonly prefix: string;
  /** The folder of a key, including the last `/`. Keys outside such a folder are kept. */
  readonly folderOf: (key: string) => string | undefined;
  /** Whether a writer may still commit this folder, which has no manifest yet. */
  readonly isOpen: (folder: string) => Promise<boolean>;
}

export interface Sweep {
  /** ISO-8601 UTC. */
  readonly now: string;
  readonly graceMs?: number;
  /**
   * ISO-8601 UTC: an earlier sweep dealt with every folder whose newest object is older. Its manifest is not read again.
   */
  readonly settledBefore?: string;
  /** Where an earlier page ended. */
  readonly after?: string;
  /** The page ends with the folder in which this number of keys is reached. */
  readonly most?: number;
  readonly signal?: AbortSignal;
}

export interface SweptPage {
  /** Keys examined. */
  readonly looked: number;
  readonly removed: readonly string[];
  /** Folders whose manifest was looked at. */
  readonly read: number;
  /** The oldest folder that may still be committed, by the time of its newest object. The next sweep must look at it again. */
  readonly leftSince: string | undefined;
  /** Where the next page starts; `undefined` when the whole prefix has been examined. */
  readonly next: string | undefined;
}

/**
 * Removes files that no manifest names and that are older than the grace time: leftovers of crashed attempts, and files
 * that were needed only until the commit. Never touches a folder that a writer may still commit, however old.
 */
export async function sweepStrays(
  objects: ObjectStore,
  folders: CommitFolders,
  sweep: Sweep,
): Promise<SweptPage> {
  const { prefix, folderOf } = folders;
  const {
    now,
    graceMs = folders.graceMs ?? SWEEP_GRACE_MS,
    settledBefore = '',
    after,
    most = Infinity,
    signal,
  } = sweep;
  const writtenBefore = Date.parse(now) - graceMs;
  const removed: string[] = [];
  let leftSince: string | undefined;
  let looked = 0;
  let read = 0;
  let last: string | undefined;
  let folder: string | undefined;
  let newest = '';
  let old: string[] = [];
  const finish = async (): Promise<void> => {
    if (folder === undefined || old.length === 0 || newest < settledBefore) return;
    read += 1;
    const strays = await unnamed(objects, folders, folder, old);
    if (strays === 'open') {
      leftSince = leftSince === undefined || newest < leftSince ? newest : leftSince;
      return;
    }
    await objects.remove(strays);
    removed.push(...strays);
  };
  for await (const { key, modifiedAt } of objects.list(prefix, after)) {
    signal?.throwIfAborted();
    if (folderOf(key) !== folder) {
      await finish();
      if (looked >= most) return { looked, removed, read, leftSince, next: last };
      folder = folderOf(key);
      newest = '';
      old = [];
    }
    if (Date.parse(modifiedAt) < writtenBefore) old.push(key);
    if (modifiedAt > newest) newest = modifiedAt;
    looked += 1;
    last = key;
  }
  await finish();
  return { looked, removed, read, leftSince, next: undefined };
}

async function unnamed(
  objects: ObjectStore,
  { isOpen }: CommitFolders,
  folder: string,
  old: readonly string[],
): Promise<string[] | 'open'> {
  const manifest = manifestIn(folder);
  const files = old.filter((key) => key !== manifest);
  if (files.length === 0) return [];
  let names = await namesIn(objects, manifest);
  if (names === 'none') {
    if (await isOpen(folder)) return 'open';
    // The writer may have committed just before it ended.
    names = await namesIn(objects, manifest);
  }
  if (names === 'none') return files;
  return names === 'damaged' ? [] : files.filter((key) => !names.has(key));
}

/**
 * The `settledBefore` of the next sweep after this one, which came to its end. Every object that appeared since is newer: its
 * time differs from the sweep's by much less than the grace time.
 */
export function settledBy(now: string, leftSince: string | null, graceMs: number = SWEEP_GRACE_MS): string {
  const before = new Date(Date.parse(now) - graceMs).toISOString();
  return leftSince !== null && leftSince < before ? leftSince : before;
}

/**
 * Every text in the manifest counts as a name. Nothing is removed beside a manifest that cannot be read, because it may
 * have named anything.
 */
async function namesIn(
  objects: ObjectStore,
  manifest: string,
): Promise<ReadonlySet<string> | 'none' | 'damaged'> {
  const bytes = await getIfPresent(objects, manifest);
  if (bytes === undefined) return 'none';
  const names = new Set<string>();
  try {
    JSON.parse(bytes.toString('utf8'), (_, value: unknown) => {
      if (typeof value === 'string') names.add(value);
      return value;
    });
    return names;
  } catch (error) {
    if (error instanceof SyntaxError) return 'damaged';
    throw error;
  }
}
