import { basename, join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { MillraceError } from '#errors/millrace-error.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';

/** An object as a manifest or a version names it. */
export interface NamedObject {
  readonly key: string;
  readonly size: number;
  readonly sha256: string;
}

/** Copies an object to `folder` and gives its path; throws `SCORE_FILE_DIGEST_MISMATCH` unless its bytes are those named. */
export async function fetchVerified(
  objects: ObjectStore,
  named: NamedObject,
  folder: string,
): Promise<string> {
  const path = join(folder, `${named.sha256.slice(0, 16)}-${basename(named.key)}`);
  const found = await objects.getFile(named.key, path);
  if (found.sha256 !== named.sha256) {
    throw new MillraceError(
      'SCORE_FILE_DIGEST_MISMATCH',
      `SHA-256 is ${found.sha256}, the manifest says ${named.sha256}`,
      { where: found.uri, details: { size: found.size, expected_size: named.size } },
    );
  }
  return path;
}

export async function readVerified(
  objects: ObjectStore,
  named: NamedObject,
  folder: string,
): Promise<Buffer> {
  return readFile(await fetchVerified(objects, named, folder));
}
