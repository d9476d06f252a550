/** A type as an engine found it: the Spark name where there is one (`bigint`, `double`, …), else the engine's own. */
export interface FoundColumn {
  readonly name: string;
  readonly type: string;
}

/** What Parquet files hold, by their footers. */
export interface FoundTable {
  /** Columns of all files together, each with the type that they have in common. */
  readonly columns: readonly FoundColumn[];
  /** URIs of the files that lack one of these columns, by column. */
  readonly lacking: ReadonlyMap<string, readonly string[]>;
}
