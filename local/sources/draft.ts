import { open, readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { SourceDraft } from '#configs/source-draft.ts';
import { draftSource } from '#features/sources/draft/draft-source.ts';
import type { FolderObjects } from '#features/sources/draft/folder-objects.ts';

/** Drafts a source from a folder of Parquet files on this machine, without any server. Throws what `draftSource` throws. */
export async function draftFromFolder(folder: string): Promise<SourceDraft> {
  return await draftSource(folderObjects(folder), '');
}

/** Keys are paths below the folder, with `/`. */
function folderObjects(folder: string): FolderObjects {
  const pathOf = (key: string): string => join(folder, ...key.split('/'));
  return {
    uri: (key) => pathOf(key),
    async *list() {
      for (const entry of await entriesOf(folder)) {
        if (!entry.isFile()) continue;
        const path = join(entry.parentPath, entry.name);
        const key = relative(folder, path).split(sep).join('/');
        yield { key, ...(await infoOf(path)) };
      }
    },
    async getRange(key, { from, to, etag }) {
      const path = pathOf(key);
      const file = await open(path);
      try {
        const bytes = Buffer.alloc(to - from);
        const { bytesRead } = await file.read(bytes, 0, bytes.length, from);
        return (await infoOf(path)).etag === etag ? bytes.subarray(0, bytesRead) : undefined;
      } finally {
        await file.close();
      }
    },
  };
}

/** None if there is no such folder. */
async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { recursive: true, withFileTypes: true });
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return [];
    throw error;
  }
}

/** Size and time of the last change stand for the ETag of a store. */
async function infoOf(path: string) {
  const { size, mtimeMs, mtime } = await stat(path);
  return { size, etag: `${size}-${mtimeMs}`, modifiedAt: mtime.toISOString() };
}
