import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { MillraceError } from '#errors/millrace-error.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { partitionPrefix, type PartFile, type PartitionRef } from './partition.ts';

/** A name no other attempt has: time and attempt for people, and chance. `writtenAt` is ISO-8601 UTC. */
export function partKey(ref: PartitionRef, index: number, attempt: string, writtenAt: string): string {
  const time = writtenAt.replaceAll(/[-:]/g, '').replace(/\.\d+Z$/, 'Z');
  const who = attempt.replaceAll(/[^A-Za-z0-9-]/g, '-').slice(0, 60);
  const number = String(index).padStart(5, '0');
  return `${partitionPrefix(ref)}part-${number}-${time}-${who}-${randomBytes(4).toString('hex')}.parquet`;
}

/** Reads a part to a local file. Throws `PART_DIGEST_MISMATCH`, and leaves no file, when it is not what the manifest names. */
export async function fetchPart(objects: ObjectStore, part: PartFile, path: string): Promise<void> {
  const { size, sha256 } = await objects.getFile(part.key, path);
  if (size === part.size && sha256 === part.sha256) return;
  await rm(path, { force: true });
  throw new MillraceError(
    'PART_DIGEST_MISMATCH',
    `A part has ${size} bytes with SHA-256 ${sha256}; its manifest names ${part.size} bytes with ${part.sha256}.`,
    { where: objects.uri(part.key) },
  );
}
