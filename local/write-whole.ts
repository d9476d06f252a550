import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left on its disk',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'its file system is read-only',
  EACCES: 'the permission is missing',
};

/**
 * Writes a file of a home atomically: a reader sees the old text or the new text, and a full disk leaves the old file
 * unchanged. A no-op when the file already holds the text.
 *
 * @param mode Default: 0o600, because homes hold keys.
 */
export function writeWhole(path: string, text: string, mode = 0o600): void {
  if (readIfThere(path) === text) return;
  const draft = `${path}.part`;
  try {
    writeFileSync(draft, text, { mode });
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw new Error(`Cannot write ${path}: ${reasonOf(error)}`, { cause: error });
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // absent or unreadable: the write reports the problem, if there is one
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return REASONS[code ?? ''] ?? message;
}
