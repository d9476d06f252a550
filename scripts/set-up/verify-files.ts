import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Holds the files of a folder to a committed list (`<SHA-256>  <name>` a line, as `sha256sum` prints it). Throws where one
 * differs, is missing or is not in the list: nothing of the folder may be run then.
 */
export function verifyFiles(folder: string, list: string): void {
  const named = digestsIn(list);
  const stranger = readdirSync(folder).find((name) => !named.has(name));
  if (stranger !== undefined)
    throw new Error(`${join(folder, stranger)} was downloaded, but ${list} does not name it.`);
  verifyListed(folder, list);
}

/** Like `verifyFiles`, but ignores files that are not in the list. Names may be paths below the folder. */
export function verifyListed(folder: string, list: string): void {
  const named = digestsIn(list);
  const missing = [...named.keys()].filter((name) => !existsSync(join(folder, name)));
  if (missing.length > 0) throw new Error(`${folder} lacks ${missing.join(', ')}, which ${list} names.`);
  for (const [name, digest] of named) verifyFile(join(folder, name), digest, list);
}

function verifyFile(path: string, digest: string, list: string): void {
  const actual = createHash('sha256').update(readFileSync(path)).digest('hex');
  if (actual === digest) return;
  throw new Error(
    `${path} is not the file that ${list} names: its SHA-256 is ${actual}, expected was ${digest}. ` +
      'Delete it from the Maven cache (~/.m2/repository) and find out where it came from.',
  );
}

/** SHA-256 by name. */
function digestsIn(list: string): ReadonlyMap<string, string> {
  const lines = readFileSync(list, 'utf8').trimEnd().split('\n');
  return new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
}
