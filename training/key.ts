import type { Pair } from '#configs/pair.ts';

/** Identifies one training. Ids of train, register and lifecycle workflows end with it. */
export interface TrainingKey extends Pair {
  readonly training_digest: string;
  readonly as_of: string;
}
