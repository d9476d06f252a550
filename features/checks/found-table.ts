/** A type as an engine found it: its Spark name if there is one (`bigint`, `double`, …), else the engine's own name. */
export interface FoundColumn {
  readonly name: string;
  readonly type: string;
}

/** Content of Parquet files, from their footers. */
export interface FoundTable {
  /** Columns of all files together, each with its common type. */
  readonly columns: readonly FoundColumn[];
  /** By column, the URIs of the files that lack it. */
  readonly lacking: ReadonlyMap<string, readonly string[]>;
}
