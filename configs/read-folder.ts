import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { MillraceError } from '#errors/millrace-error.ts';
import { isTestFile } from './feature-tests/test-file.ts';
import type { ConfigFile } from './problem.ts';
import { MAX_FILE_BYTES } from './yaml-file.ts';

/**
 * Reads every `.yaml`, `.yml` and `.sql` file below a folder, in any letter case, sorted by path. Paths are relative to the folder, with `/`.
 * Skips files of tests, hidden files and folders, and `node_modules`. Truncates a file just past the size limit, so that the loader can
 * report it without reading all of it. Errors: `CONFIG_EMPTY` if the folder does not exist or holds no such file,
 * `CONFIG_FILE_UNREADABLE`.
 */
export async function readConfigFolder(folder: string): Promise<ConfigFile[]> {
  const paths = (await configPaths(folder)).filter((path) => !isTestFile(path));
  if (paths.length === 0) {
    throw new MillraceError('CONFIG_EMPTY', `${folder} contains no .yaml, .yml or .sql file.`, {
      where: folder,
    });
  }
  return readFiles(folder, paths);
}

/** The same for files of tests of feature sets (`isTestFile`); there may be none. */
export async function readTestFiles(folder: string): Promise<ConfigFile[]> {
  return readFiles(folder, (await configPaths(folder)).filter(isTestFile));
}

async function readFiles(folder: string, paths: readonly string[]): Promise<ConfigFile[]> {
  return Promise.all(
    paths.toSorted().map(async (path) => ({
      path: relative(folder, path).split(sep).join('/'),
      text: await readText(path),
    })),
  );
}

/** Only of a regular file, or a link to one: reading a pipe or a device could wait for ever or never end. */
async function readText(path: string): Promise<string> {
  try {
    const info = await stat(path);
    if (!info.isFile()) throw new Error('it is not a regular file');
    return info.size > MAX_FILE_BYTES ? ' '.repeat(MAX_FILE_BYTES + 1) : await readFile(path, 'utf8');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new MillraceError('CONFIG_FILE_UNREADABLE', `${path} cannot be read: ${why}.`, {
      where: path,
      cause,
    });
  }
}

async function configPaths(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const nested = await Promise.all(
      entries.map(async (entry) => {
        if (entry.name.startsWith('.') || entry.name === 'node_modules') return [];
        const path = join(folder, entry.name);
        if (entry.isDirectory()) return configPaths(path);
        return /\.(ya?ml|sql)$/i.test(entry.name) ? [path] : [];
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
    throw new MillraceError('CONFIG_EMPTY', `There is no folder ${folder}.`, { where: folder, cause });
  }
}
