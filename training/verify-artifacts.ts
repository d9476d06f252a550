import pLimit from 'p-limit';
import { MillraceError } from '#errors/millrace-error.ts';
import type { ObjectStore, StoredObject } from '#platform/objects/object-store.ts';
import type { Artifact } from './record.ts';

/** Artifacts hashed at the same time. */
const AT_ONCE = 4;

/**
 * Reads every artifact and compares its bytes with what the training recorded.
 * Throws `ARTIFACT_MISSING` or `ARTIFACT_DIGEST_MISMATCH`, naming the object.
 */
export async function verifyArtifacts(
  objects: Pick<ObjectStore, 'sha256' | 'uri'>,
  artifacts: readonly Pick<Artifact, 'key' | 'size' | 'sha256'>[],
): Promise<void> {
  const limit = pLimit(AT_ONCE);
  await Promise.all(artifacts.map((artifact) => limit(() => verifyArtifact(objects, artifact))));
}

async function verifyArtifact(
  objects: Pick<ObjectStore, 'sha256' | 'uri'>,
  { key, size, sha256 }: Pick<Artifact, 'key' | 'size' | 'sha256'>,
): Promise<void> {
  const where = objects.uri(key);
  const found = await read(objects, key);
  if (found === undefined) {
    throw new MillraceError('ARTIFACT_MISSING', `${where} does not exist`, { where, details: { key } });
  }
  if (found.sha256 !== sha256 || found.size !== size) {
    throw new MillraceError(
      'ARTIFACT_DIGEST_MISMATCH',
      `${where} has SHA-256 ${found.sha256} (${found.size} bytes), recorded was ${sha256} (${size} bytes)`,
      { where, details: { key, recorded: sha256, found: found.sha256 } },
    );
  }
}

async function read(objects: Pick<ObjectStore, 'sha256'>, key: string): Promise<StoredObject | undefined> {
  try {
    return await objects.sha256(key);
  } catch (error) {
    if (error instanceof MillraceError && error.code === 'OBJECT_NOT_FOUND') return undefined;
    throw error;
  }
}
