import { partitionPrefix, type PartitionManifest, type PartitionRef } from './partition.ts';

/** Result of a run that builds a partition. */
export interface PartitionSummary {
  readonly ref: PartitionRef;
  readonly manifest_key: string;
  readonly rows: number;
  /** Checks of severity `warn` that failed. */
  readonly warnings: readonly string[];
}

export function partitionSummary(manifest: PartitionManifest): PartitionSummary {
  const { feature_set, definition_digest, dt, revision, rows, checks } = manifest;
  return {
    ref: { feature_set, definition_digest, dt, revision },
    manifest_key: `${partitionPrefix(manifest)}manifest.json`,
    rows,
    warnings: checks
      .filter(({ success, severity }) => !success && severity === 'warn')
      .map(({ expectation, column }) => (column === undefined ? expectation : `${expectation} (${column})`)),
  };
}
