import type { RiskTier } from '#configs/model.ts';
import type { Pair } from '#configs/pair.ts';
import type { PartitionRef } from '#features/partitions/partition.ts';
import type { Artifact, GateVerdict, Origin, TrainingRecord } from '#training/record.ts';

/** The immutable item of a version; its stage is a separate item. */
export interface Version extends Pair {
  readonly version: number;
  readonly training_id: string;
  readonly training_digest: string;
  readonly as_of: string;
  /**
   * Everyone who changed what it is made from since `authors_since`, and who requested the run, sorted. Nobody among them
   * may approve it, unless the rule of its tier allows it.
   */
  readonly authors: readonly string[];
  /** The approved version up to which changes have been reviewed by others; null if there is none. */
  readonly authors_since: number | null;
  readonly risk_tier: RiskTier;
  /**
   * The tier whose rule its approval follows: the higher one of its own and that of `authors_since`, so that lowering a
   * tier is approved by the rule of the old one.
   */
  readonly approval_tier: RiskTier;
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
  /** Only of a model that was trained elsewhere. */
  readonly origin?: Origin;
  /** The run that registered it. */
  readonly registered_by: { readonly workflow_id: string; readonly run_id: string };
  readonly card_key: string;
  readonly card_sha256: string;
  /** Required card fields that are still empty; the version cannot be approved while there are any. */
  readonly card_missing: readonly string[];
}
