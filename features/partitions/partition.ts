import type { ColumnLineage } from '#catalog/lineage.ts';
import type { ColumnType } from '#configs/names.ts';

/** Names one immutable partition of a feature set. */
export interface PartitionRef {
  readonly feature_set: string;
  readonly definition_digest: string;
  /** Partition date, `YYYY-MM-DD`. */
  readonly dt: string;
  readonly revision: number;
}

/** A data file that a manifest names. */
export interface PartFile {
  readonly key: string;
  readonly size: number;
  readonly sha256: string;
  readonly rows: number;
}

export interface CheckResult {
  readonly expectation: string;
  readonly column?: string;
  readonly severity: 'error' | 'warn';
  readonly success: boolean;
  /** Observed figure, such as the share of unexpected rows. */
  readonly observed: number | null;
  readonly kwargs: Readonly<Record<string, unknown>>;
}

/** State of one input as the engine read it. */
export interface InputSnapshot {
  readonly kind: 'source' | 'partition';
  readonly name: string;
  /** Digest over names, sizes and ETags of the files read (source), or of the manifest (partition). */
  readonly digest: string;
  readonly files: number;
}

/** `features/<set>/<definition>/dt=<d>/r<n>/manifest.json`. */
export interface PartitionManifest extends PartitionRef {
  readonly parts: readonly PartFile[];
  readonly rows: number;
  readonly schema: readonly { readonly name: string; readonly type: ColumnType }[];
  readonly inputs: readonly InputSnapshot[];
  readonly checks: readonly CheckResult[];
  readonly lineage: readonly ColumnLineage[];
  readonly engine: string;
  readonly built_by: { readonly workflow_id: string; readonly run_id: string };
  readonly built_at: string;
}

export function partitionPrefix(ref: PartitionRef): string {
  return `features/${ref.feature_set}/${ref.definition_digest}/dt=${ref.dt}/r${ref.revision}/`;
}
