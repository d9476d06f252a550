import type { ColumnLineage } from '#catalog/lineage.ts';
import type { NamedColumn } from '#catalog/feature-configs.ts';
import type { CheckResult } from '../checks/checks.ts';
import type { ColumnStatistics } from '../checks/statistics.ts';

/** Identifies one immutable partition of a feature set. */
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

/** State of one input when the engine read it. */
export interface InputSnapshot {
  readonly kind: 'source' | 'partition';
  readonly name: string;
  /** Date of a partition that is older than the reader's, because its set has partitions less often. */
  readonly dt?: string;
  /** Digest over names, sizes and ETags of the files read (source), or of the manifest (partition). */
  readonly digest: string;
  readonly files: number;
}

/** `features/<set>/<definition>/dt=<d>/r<n>/manifest.json`. */
export interface PartitionManifest extends PartitionRef {
  readonly parts: readonly PartFile[];
  readonly rows: number;
  readonly schema: readonly NamedColumn[];
  readonly inputs: readonly InputSnapshot[];
  readonly checks: readonly CheckResult[];
  /** One entry per column of the schema, in its order. */
  readonly statistics: readonly ColumnStatistics[];
  readonly lineage: readonly ColumnLineage[];
  readonly engine: string;
  /** The first revision with the same rows, if an earlier one has them: for a reader nothing has changed since. */
  readonly same_rows_as?: number;
  readonly built_by: { readonly workflow_id: string; readonly run_id: string };
  readonly built_at: string;
  /** Seconds that reading, computing and writing took; only plans use it. */
  readonly build_seconds?: number;
}

/** The revision that names the rows of a partition: the first one that has them. */
export function rowsOf({
  feature_set,
  definition_digest,
  dt,
  revision,
  same_rows_as,
}: PartitionManifest): PartitionRef {
  return { feature_set, definition_digest, dt, revision: same_rows_as ?? revision };
}

export function partitionPrefix(ref: PartitionRef): string {
  return `${partitionFolder(ref)}r${ref.revision}/`;
}

/** Of all revisions of a date. */
export function partitionFolder(ref: Omit<PartitionRef, 'revision'>): string {
  return `features/${ref.feature_set}/${ref.definition_digest}/dt=${ref.dt}/`;
}

/** Where rows that failed the checks of a partition are kept for people to look at; nothing reads them. */
export const REFUSED_ROWS = 'staged/';
/** Days for which they are kept. */
export const REFUSED_ROWS_DAYS = 7;

export function refusedPrefix(ref: PartitionRef): string {
  return `${REFUSED_ROWS}${partitionPrefix(ref)}`;
}
