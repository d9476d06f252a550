import type { PartitionRef } from './partition.ts';
import type { PartitionStore } from './partition-store.ts';

/** The newest revision of a date; if there is none, revision 1, still to be built. */
export async function newestOrFirst(
  partitions: Pick<PartitionStore, 'newest'>,
  { feature_set, definition_digest, dt }: Omit<PartitionRef, 'revision'>,
): Promise<PartitionRef> {
  const newest = await partitions.newest(feature_set, definition_digest, dt);
  return { feature_set, definition_digest, dt, revision: newest?.revision ?? 1 };
}
