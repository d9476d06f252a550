import type { Pair } from '#configs/pair.ts';
import type { PartitionRef } from '#features/partitions/partition.ts';
import type { Artifact, GateVerdict, TrainingRecord } from '#training/record.ts';

/** The immutable item of a version; its stage is a separate item. */
export interface Version extends Pair {
  readonly version: number;
  readonly training_id: string;
  readonly training_digest: string;
  readonly as_of: string;
  readonly author: string;
  readonly risk_tier: 'low' | 'medium' | 'high';
  readonly created_at: string;
  readonly manifest_key: string;
  readonly manifest_sha256: string;
  readonly artifacts: readonly Artifact[];
  readonly metrics: Readonly<Record<string, number>>;
  readonly gates: readonly GateVerdict[];
  readonly engine: 'onnx';
  readonly cut_off: number;
  readonly config_digest: string;
  readonly configs: string;
  readonly definition_digest: string;
  readonly partitions: readonly PartitionRef[];
  readonly rows: TrainingRecord['rows'];
  readonly build: TrainingRecord['build'];
  /** The run that registered it. */
  readonly registered_by: { readonly workflow_id: string; readonly run_id: string };
  readonly card_key: string;
  readonly card_sha256: string;
  /** Required card fields that are still empty; the version cannot be approved while there are any. */
  readonly card_missing: readonly string[];
}
