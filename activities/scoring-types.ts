import type { PartitionRef } from '#features/partitions/partition.ts';
import type { Shard } from '#scoring/plan.ts';
import type { ShardScores } from '#scoring/score-shard.ts';
import type { ScoreInput } from '#workflows/contract/messages.ts';

export interface PartitionChoice {
  /** Of the newest date that may serve; may have to be built. */
  readonly newest: PartitionRef;
  /** Committed already, and older: serves when the newest cannot be built. */
  readonly fallback: PartitionRef | null;
}

export interface ShardPlan {
  readonly shards: readonly Shard[];
}

export type ShardInput = ScoreInput & { readonly partition: PartitionRef; readonly shard: Shard };

/** What scoring one shard left behind: its part file and the counts drift is measured from. No row travels. */
export type ScoredShard = ShardScores;
