import type { PartitionRef } from '#features/partitions/partition.ts';
import type { Shard } from '#scoring/plan.ts';
import type { ShardScores } from '#scoring/score-shard.ts';
import type { ScoreInput } from '#workflows/contract/messages.ts';

export interface PartitionChoice {
  /** The newest usable partition date; may have to be built. */
  readonly newest: PartitionRef;
  /** An older committed partition, used when the newest cannot be built. */
  readonly fallback: PartitionRef | null;
}

export interface ShardPlan {
  readonly shards: readonly Shard[];
}

export type ShardInput = ScoreInput & { readonly partition: PartitionRef; readonly shard: Shard };

/** The result of scoring one shard: its part file and the counts for drift. Contains no rows. */
export type ScoredShard = ShardScores;
