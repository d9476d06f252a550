import type { PartitionRef } from '#features/partitions/partition.ts';
import type { PlanRef } from '#scoring/shard-results.ts';
import type { ScoreInput } from '#workflows/contract/messages.ts';

export interface PartitionChoice {
  /** The newest usable partition date; may have to be built. */
  readonly newest: PartitionRef;
  /** Build it although an earlier revision exists, because its inputs have changed. */
  readonly refresh?: true;
  /** An older committed partition, used when the newest cannot be built. */
  readonly fallback: PartitionRef | null;
}

/** A run whose shards are planned. */
export type PlannedInput = ScoreInput & { readonly partition: PartitionRef; readonly plan: PlanRef };

export type ShardInput = PlannedInput & {
  /** From 0. */
  readonly index: number;
};
