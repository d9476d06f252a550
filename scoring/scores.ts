import type { Pair } from '#configs/pair.ts';
import type { PartFile, PartitionRef } from '#features/partitions/partition.ts';

/** Identifies one immutable scores partition. */
export interface ScoresRef extends Pair {
  readonly version: number;
  /** Date the scores are for, `YYYY-MM-DD`; not the partition date. */
  readonly score_date: string;
  readonly revision: number;
}

/** Population stability index of a feature or of the score, against the training sample. */
export interface Drift {
  readonly name: string;
  readonly psi: number;
  readonly level: 'ok' | 'warn' | 'alert';
}

/** `scores/model=<m>/feature_set=<f>/score_date=<d>/version=<v>/r<n>/manifest.json`. */
export interface ScoresManifest extends ScoresRef {
  readonly partition: PartitionRef;
  readonly parts: readonly PartFile[];
  readonly rows: number;
  readonly declined: number;
  readonly cut_off: number;
  readonly schema: readonly { readonly name: string; readonly type: string }[];
  readonly drift: readonly Drift[];
  /** Text of each reason code: the feature's description when the scores were made. */
  readonly reason_texts: Readonly<Record<string, string>>;
  readonly mean_probability: number;
  readonly engine: 'onnx';
  readonly model_sha256: string;
  readonly built_by: { readonly workflow_id: string; readonly run_id: string };
  readonly built_at: string;
}

export function scoresPrefix(ref: ScoresRef): string {
  return `scores/model=${ref.model}/feature_set=${ref.feature_set}/score_date=${ref.score_date}/version=${ref.version}/r${ref.revision}/`;
}
