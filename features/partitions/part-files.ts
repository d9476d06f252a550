import { randomBytes } from 'node:crypto';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { downloadVerified } from '#platform/objects/verified-object.ts';
import { partitionPrefix, type PartFile, type PartitionRef } from './partition.ts';

/** A name no other attempt has: time and attempt for people, and chance. `writtenAt` is ISO-8601 UTC. */
export function partKey(ref: PartitionRef, index: number, attempt: string, writtenAt: string): string {
  const time = writtenAt.replaceAll(/[-:]/g, '').replace(/\.\d+Z$/, 'Z');
  const who = attempt.replaceAll(/[^A-Za-z0-9-]/g, '-').slice(0, 60);
  const number = String(index).padStart(5, '0');
  return `${partitionPrefix(ref)}part-${number}-${time}-${who}-${randomBytes(4).toString('hex')}.parquet`;
}

/** Reads a part to a local file. Throws `PART_DIGEST_MISMATCH`, and leaves no file, when it is not what the manifest names. */
export function fetchPart(objects: ObjectStore, part: PartFile, path: string): Promise<void> {
  return downloadVerified(objects, part, path, { differs: 'PART_DIGEST_MISMATCH' });
}
