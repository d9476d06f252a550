import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { MillraceError } from '#errors/millrace-error.ts';
import type { ConfigFile } from './problem.ts';
import { MAX_FILE_BYTES } from './yaml-file.ts';

/**
 * Reads every `.yaml`, `.yml` and `.sql` file below a folder, in order of path; paths are relative to the folder, with `/`.
 * Hidden files and folders, and `node_modules`, are left out. A file above the limit is cut just past it, so that the loader
 * reports it without holding it all. Errors: `CONFIG_EMPTY` where there is no folder or no such file in it.
 */
export async function readConfigFolder(folder: string): Promise<ConfigFile[]> {
  const paths = await configPaths(folder);
  if (paths.length === 0) {
    throw new MillraceError('CONFIG_EMPTY', `${folder} holds no .yaml, .yml or .sql file`, { where: folder });
  }
  return Promise.all(
    paths.toSorted().map(async (path) => {
      const { size } = await stat(path);
      const text = size > MAX_FILE_BYTES ? ' '.repeat(MAX_FILE_BYTES + 1) : await readFile(path, 'utf8');
      return { path: relative(folder, path).split(sep).join('/'), text };
    }),
  );
}

async function configPaths(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const nested = await Promise.all(
      entries.map(async (entry) => {
        if (entry.name.startsWith('.') || entry.name === 'node_modules') return [];
        const path = join(folder, entry.name);
        if (entry.isDirectory()) return configPaths(path);
        return /\.(ya?ml|sql)$/.test(entry.name) ? [path] : [];
      }),
    );
    return nested.flat();
  } catch (cause) {
    if (!(
      cause instanceof Error &&
      'code' in cause &&
      (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')
    )) {
      throw cause;
    }
    throw new MillraceError('CONFIG_EMPTY', `there is no folder ${folder}`, { where: folder, cause });
  }
}
