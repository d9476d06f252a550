import type { Pair } from '#configs/pair.ts';
import type { PartitionRef } from '#features/partitions/partition.ts';
import type { TrainingParts } from './digest.ts';

/** A file of a version, in S3 under the training's prefix. */
export interface Artifact {
  readonly name: string;
  readonly key: string;
  readonly size: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** Error codes for an artifact that differs from its record. */
export const ARTIFACT_CODES = { missing: 'ARTIFACT_MISSING', differs: 'ARTIFACT_DIGEST_MISMATCH' } as const;

/** Result of one gate, computed in training and checked at approval. */
export interface GateVerdict {
  /** `auc`, or `demographic_parity_ratio[sex]`. */
  readonly gate: string;
  readonly value: number | null;
  readonly min?: number;
  readonly max?: number;
  readonly passed: boolean;
}

/** Where a model comes from that was not trained by the platform. */
export interface Origin {
  /** Id of the upload. */
  readonly upload: string;
  readonly uploaded_by: string;
  /** What the uploader wrote about it. */
  readonly notes: string;
}

/**
 * A committed training: what `manifest.json` of `models/model=…/feature_set=…/training=<id>/` holds.
 * Written once, last, with `If-None-Match: *`.
 */
export interface TrainingRecord extends Pair {
  readonly training_id: string;
  readonly training_digest: string;
  readonly as_of: string;
  /** The principal who requested the run. */
  readonly requested_by: string;
  readonly definition_digest: string;
  /** Of the model config. */
  readonly config_digest: string;
  /** State of the applied configs at training; builds the version's features if the current configs define them differently. */
  readonly configs: string;
  readonly partitions: readonly PartitionRef[];
  /** What the training digest was made of. */
  readonly parts?: TrainingParts;
  readonly artifacts: readonly Artifact[];
  readonly metrics: Readonly<Record<string, number>>;
  readonly gates: readonly GateVerdict[];
  /** Scoring engine, proved to match the trainer's. */
  readonly engine: 'onnx';
  readonly cut_off: number;
  /** No row is trained on if the model was trained elsewhere. */
  readonly rows: {
    readonly train: number;
    readonly test: number;
    /** Rows of the partitions that were left out, because they have no label. */
    readonly unlabelled?: number;
  };
  /** Newer partition dates whose label windows were not known in full at the as-of date. */
  readonly waiting_dates?: number;
  /** Only of a model that was trained elsewhere; the training is then its evaluation. */
  readonly origin?: Origin;
  readonly build: {
    readonly trainer_digest: string;
    readonly lock_digest: string;
    readonly code_commit: string;
    readonly seed: number;
    readonly workflow_id: string;
    readonly run_id: string;
    readonly job_key: string;
    /** How long the training job took; only plans use it. */
    readonly seconds?: number;
  };
}

/** Output prefix of a training. All artifacts of its version must be under it. */
export function trainingPrefix(pair: Pair, trainingId: string): string {
  return `models/model=${pair.model}/feature_set=${pair.feature_set}/training=${trainingId}/`;
}
