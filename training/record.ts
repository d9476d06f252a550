import type { Pair } from '#configs/pair.ts';
import type { PartitionRef } from '#features/partitions/partition.ts';

/** A file of a version, in S3 under the training's prefix. */
export interface Artifact {
  readonly name: string;
  readonly key: string;
  readonly size: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** How an artifact that is not as recorded is refused. */
export const ARTIFACT_CODES = { missing: 'ARTIFACT_MISSING', differs: 'ARTIFACT_DIGEST_MISMATCH' } as const;

/** Outcome of one gate, computed in training and judged at approval. */
export interface GateVerdict {
  /** `auc`, or `demographic_parity_ratio[sex]`. */
  readonly gate: string;
  readonly value: number | null;
  readonly min?: number;
  readonly max?: number;
  readonly passed: boolean;
}

/**
 * A committed training: what `manifest.json` of `models/model=…/feature_set=…/training=<id>/` holds.
 * Written once, last, with `If-None-Match: *`.
 */
export interface TrainingRecord extends Pair {
  readonly training_id: string;
  readonly training_digest: string;
  readonly as_of: string;
  readonly definition_digest: string;
  /** Of the model config. */
  readonly config_digest: string;
  /** State of all applied configs it was trained under; its own features are built by it as long as it is scored. */
  readonly configs: string;
  readonly partitions: readonly PartitionRef[];
  readonly artifacts: readonly Artifact[];
  readonly metrics: Readonly<Record<string, number>>;
  readonly gates: readonly GateVerdict[];
  /** Engine that scores it, proved equal to the trainer's. */
  readonly engine: 'onnx';
  readonly cut_off: number;
  readonly rows: { readonly train: number; readonly test: number };
  readonly build: {
    readonly trainer_digest: string;
    readonly lock_digest: string;
    readonly code_commit: string;
    readonly seed: number;
    readonly workflow_id: string;
    readonly run_id: string;
    readonly job_key: string;
  };
}

/** Where a training writes, and the only place a version's artifacts may lie. */
export function trainingPrefix(pair: Pair, trainingId: string): string {
  return `models/model=${pair.model}/feature_set=${pair.feature_set}/training=${trainingId}/`;
}
