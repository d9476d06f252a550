import type { Pair } from '#configs/pair.ts';

/** Names one training. Train, register and lifecycle workflow ids end with it. */
export interface TrainingKey extends Pair {
  readonly training_digest: string;
  readonly as_of: string;
}
