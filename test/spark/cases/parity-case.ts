/** A query of the feature language that must give equal results on DuckDB and Spark. It may read every table of data/tables.ts. */
export interface ParityCase {
  /** Unique. */
  readonly name: string;
  readonly sql: string;
  /** True if the order of the rows counts; otherwise it counts when the outermost query has an ORDER BY. */
  readonly ordered?: boolean;
  /** False for a case that only `--all` runs. @default true */
  readonly core?: boolean;
}
