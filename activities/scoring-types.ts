import type { PartitionRef } from '#features/partitions/partition.ts';
import type { PlanRef } from '#scoring/shard-results.ts';
import type { ScoreInput } from '#workflows/contract/messages.ts';

export interface PartitionChoice {
  /** The newest usable partition date; may have to be built. */
  readonly newest: PartitionRef;
  /** An older committed partition, used when the newest cannot be built. */
  readonly fallback: PartitionRef | null;
}

/** A run whose shards are planned. */
export type PlannedInput = ScoreInput & { readonly partition: PartitionRef; readonly plan: PlanRef };

export type ShardInput = PlannedInput & {
  /** From 0. */
  readonly index: number;
};
