import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Holds the files of a folder to a committed list (`<SHA-256>  <name>` a line, as `sha256sum` prints it). Throws where one
 * differs, is missing or is not in the list: nothing of the folder may be run then.
 */
export function verifyFiles(folder: string, list: string): void {
  const expected = new Map(
    readFileSync(list, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => [line.slice(66), line.slice(0, 64)] as const),
  );
  const found = new Set(readdirSync(folder));
  for (const name of found) {
    const digest = expected.get(name);
    if (digest === undefined)
      throw new Error(`${join(folder, name)} was downloaded, but is not named in ${list}`);
    const actual = createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex');
    if (actual !== digest) {
      throw new Error(
        `${join(folder, name)} is not the file that ${list} names: its SHA-256 is ${actual}, expected was ${digest}. ` +
          'Delete it from the Maven cache (~/.m2/repository) and find out where it came from.',
      );
    }
  }
  const missing = [...expected.keys()].filter((name) => !found.has(name));
  if (missing.length > 0) throw new Error(`${folder} lacks ${missing.join(', ')}, which ${list} names`);
}
