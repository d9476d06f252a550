import { randomBytes } from 'node:crypto';
import { link, mkdir, mkdtemp, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Runs `work` with an empty folder below `root`, and removes the folder afterwards, also when `work` fails. */
export async function withScratchFolder<T>(root: string, work: (folder: string) => Promise<T>): Promise<T> {
  await mkdir(root, { recursive: true });
  const folder = await mkdtemp(join(root, 'scratch-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Removes scratch folders that killed processes left and that have not changed for `olderThanMs`. */
export async function sweepScratch(root: string, olderThanMs: number): Promise<void> {
  await mkdir(root, { recursive: true });
  for (const name of await readdir(root)) {
    const path = join(root, name);
    const { mtimeMs } = await stat(path).catch((error: unknown) => {
      if (isAbsence(error)) return { mtimeMs: Number.POSITIVE_INFINITY };
      throw error;
    });
    if (Date.now() - mtimeMs > olderThanMs) await rm(path, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Atomic and durable: readers see the old content or the new, even if the machine stops in between. */
export async function writeFileAtomically(path: string, content: string | Buffer): Promise<void> {
  await withDraft(path, content, (draft) => rename(draft, path));
}

/**
 * Creates the file with its whole content, unless it exists. If several processes try at once, exactly one gets `true`.
 */
export async function writeFileOnce(path: string, content: string | Buffer): Promise<boolean> {
  return withDraft(path, content, async (draft) => {
    try {
      await link(draft, path);
      return true;
    } catch (error) {
      if (hasCode(error, 'EEXIST')) return false;
      throw error;
    }
  });
}

async function withDraft<T>(
  path: string,
  content: string | Buffer,
  place: (draft: string) => Promise<T>,
): Promise<T> {
  const draft = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}`);
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    return await place(draft);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Whether the error means that the file or folder does not exist. */
export function isAbsence(error: unknown): boolean {
  return hasCode(error, 'ENOENT');
}

/** Whether the error means that the disk, or this user's quota, is full. */
export function isDiskFull(error: unknown): boolean {
  return hasCode(error, 'ENOSPC') || hasCode(error, 'EDQUOT');
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
