import type { PartitionRef } from '#features/partitions/partition.ts';
import type { MaterialiseInput, TrainInput } from './contract/messages.ts';

/** Partitions that one run has built at once. */
export const PARTITIONS_IN_FLIGHT = 50;

/**
 * Does something for every item, at most `most` at once, and begins the next one as soon as one has ended. The first failure
 * stops what has not begun. Temporal refuses more than 2,000 activities at once.
 */
export async function inFlight<T>(
  most: number,
  items: readonly T[],
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const queue = items.values();
  let failed = false;
  const serve = async (): Promise<void> => {
    for (const item of queue) {
      if (failed) return;
      try {
        await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, serve));
}

/** The input of the run that builds a partition for a training. */
export function partitionInput(
  { configs, refresh }: Pick<TrainInput, 'configs' | 'refresh'>,
  ref: PartitionRef,
): MaterialiseInput {
  return { ref, configs, ...(refresh?.includes(ref.dt) === true && { refresh: true }) };
}
