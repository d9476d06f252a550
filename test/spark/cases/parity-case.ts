import type { FailingExample } from '#features/sql/table/entry.ts';

/**
 * A query of the feature language that must give equal results on DuckDB and Spark. It may read every table of
 * data/tables.ts.
 */
export interface ParityCase {
  /** Unique. */
  readonly name: string;
  readonly sql: string;
  /** True if the order of the rows counts; otherwise it counts when the outermost query has an ORDER BY. */
  readonly ordered?: boolean;
  /** False for a case that only `--all` runs. @default true */
  readonly core?: boolean;
  /** What must happen instead of equal results. */
  readonly outcome?: FailingExample['outcome'];
  /** If `sql` computes many expressions at once, how to compute them one by one. */
  readonly batch?: Batch;
}

/** Expressions over the rows of `everything`. */
export interface Batch {
  readonly expressions: readonly string[];
  /** True if the value of an expression in a row depends on that row alone. */
  readonly rowByRow: boolean;
  /** `where`: a condition on `id`, or empty for all rows. */
  query(expressions: readonly string[], where: string): string;
}
