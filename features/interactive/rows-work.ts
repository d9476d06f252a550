import type { Environment } from '#configs/environment.ts';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import type { SentError } from '#platform/child-service/sent-error.ts';
import type { PartitionCheck } from '../partitions/check-partition.ts';
import type { PartitionManifest } from '../partitions/partition.ts';
import type { PreviewedRows } from './preview.ts';
import type { SetStep } from './set-steps.ts';
import type { TestedRow } from './tested-rows.ts';

/** Where a child process works. Its store and its DuckDB are those of the environment, which holds credentials of now. */
export interface RowsPlace {
  readonly env: Environment;
  /** Empty local folder, which the parent removes. */
  readonly folder: string;
}

export interface CheckWork {
  readonly kind: 'check';
  readonly place: RowsPlace;
  readonly set: Pick<FeatureSetConfig, 'checks'>;
  readonly partition: Pick<PartitionManifest, 'parts' | 'schema'>;
}

export interface PreviewWork {
  readonly kind: 'preview';
  readonly place: RowsPlace;
  readonly steps: readonly SetStep[];
  readonly limit: number;
}

/** Steps whose rows are all given, so that no store is needed. */
export interface TestWork {
  readonly kind: 'test';
  readonly place: RowsPlace;
  readonly steps: readonly SetStep[];
}

/** Work on rows that somebody waits for. */
export type RowsWork = CheckWork | PreviewWork | TestWork;

/** What the child process answers: plain data, since it is copied between processes. */
export type RowsAnswer =
  | { readonly kind: 'check'; readonly checks: readonly PartitionCheck[] }
  | { readonly kind: 'preview'; readonly preview: PreviewedRows }
  | { readonly kind: 'test'; readonly rows: readonly TestedRow[] }
  | { readonly kind: 'error'; readonly error: SentError };
