import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Files and folders that decide what set-up makes. */
const INPUTS = [
  'package-lock.json',
  'requirements.txt',
  'scripts/set-up',
  'scripts/data',
  'local/dynamodb',
  'local/temporal-test-server',
];

/** What must exist for a stamp to count, since parts may have been deleted. */
const RESULTS = [
  'node_modules/.package-lock.json',
  '.millrace-tools/python/bin/python',
  '.millrace-tools/dynamodb',
  '.millrace-tools/temporal-test-server',
  '.millrace-tools/data',
];

export const STAMP = '.millrace-tools/set-up.stamp';

/** True when the last set-up succeeded and none of its inputs has changed since. Cheap, because every command calls it. */
export function setUpIsFresh(root) {
  const stamp = join(root, STAMP);
  if (!existsSync(stamp) || RESULTS.some((path) => !existsSync(join(root, path)))) return false;
  return readFileSync(stamp, 'utf8') === setUpDigest(root);
}

/** SHA-256 of everything set-up depends on, including the platform. */
export function setUpDigest(root) {
  return filesDigest(root, INPUTS);
}

/** SHA-256 of the platform and the names and bytes of files, sorted by name. A folder stands for all files below it. */
export function filesDigest(root, paths) {
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}\n`);
  for (const path of paths.flatMap((p) => filesBelow(root, p)).sort()) {
    const bytes = readFileSync(join(root, path));
    hash.update(`${path}\n${bytes.length}\n`).update(bytes);
  }
  return hash.digest('hex');
}

function filesBelow(root, path) {
  const full = join(root, path);
  if (!existsSync(full)) return [];
  if (!statSync(full).isDirectory()) return [path];
  return readdirSync(full).flatMap((name) => filesBelow(root, `${path}/${name}`));
}
