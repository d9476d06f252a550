import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isJobKey } from '../job-program.ts';
import { writeFileOnce } from '#platform/local-files.ts';
import { readText } from './job-folder.ts';

/** No job has this name, because keys contain no dot. */
const FILE = '.host';
const NAME_LENGTH = 30;

/**
 * The id of the machine whose jobs are in this folder. It is made once and kept beside the jobs: whoever sees the folder
 * sees the jobs. It begins with the name that the machine had then, for people.
 */
export async function localHost(root: string): Promise<string> {
  const path = join(root, FILE);
  const known = await readText(path);
  if (known !== undefined) return known;
  await mkdir(root, { recursive: true });
  await writeFileOnce(path, `${machineName()}-${randomBytes(4).toString('hex')}`);
  const made = await readText(path);
  if (made === undefined) throw new TypeError(`The file ${path} vanished.`);
  return made;
}

function machineName(): string {
  const name = hostname()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, NAME_LENGTH);
  const trimmed = name.replaceAll(/^-+|-+$/g, '');
  return isJobKey(trimmed) ? trimmed : 'host';
}
