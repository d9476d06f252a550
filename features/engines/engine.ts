import type { NamedColumn } from '#catalog/feature-configs.ts';

/** A type as an engine found it: the Spark name where there is one (`bigint`, `double`, …), else the engine's own. */
export interface FoundColumn {
  readonly name: string;
  readonly type: string;
}

/** What Parquet files hold, by their footers. */
export interface FoundTable {
  /** Columns of all files together, each with the type that they have in common. */
  readonly columns: readonly FoundColumn[];
  /** Files that lack one of these columns, by column. */
  readonly lacking: ReadonlyMap<string, readonly string[]>;
}

/** Parquet files read as one table: `s3://` URIs of the lake, or local paths. */
export interface EngineTable {
  readonly name: string;
  readonly files: readonly string[];
  /** The table's columns; the engine casts to them what it finds, which must fit (`column-types.ts`). */
  readonly columns: readonly NamedColumn[];
}

/** One SELECT in Spark's dialect over the tables, by their names. */
export interface EngineQuery {
  readonly sql: string;
  readonly tables: readonly EngineTable[];
}

export interface EngineOutput {
  /** Columns to write, in this order; the engine casts to their types, and a value that does not fit fails. */
  readonly columns: readonly NamedColumn[];
  /** Rows are written in this order, without which the same rows would give other bytes. */
  readonly sortBy: readonly string[];
  /** Local path of the one Parquet file to write. */
  readonly path: string;
}

export interface EngineRun {
  /** Stops the engine; the call then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called about once a second while a query runs, with the share done (0 to 1) where the engine knows it. */
  readonly onProgress?: ((share: number | undefined) => void) | undefined;
}

export type EngineValue = boolean | number | string | null;
export type EngineRow = Readonly<Record<string, EngineValue>>;

/**
 * Runs feature SQL. NULL, not an error or an infinity, is what a division by zero gives.
 * Errors: `SQL_FAILED` (the query's own fault), `ENGINE_OUT_OF_MEMORY`, `STORE_UNREACHABLE` (worth a retry), `OBJECT_NOT_FOUND`.
 */
export interface FeatureEngine {
  /** Name and version, kept in manifests. */
  readonly name: string;
  inspect(files: readonly string[], run?: EngineRun): Promise<FoundTable>;
  /** Columns the query gives, without running it. */
  describe(query: EngineQuery, run?: EngineRun): Promise<readonly FoundColumn[]>;
  /** Writes the query's rows; the same rows give the same bytes. */
  write(query: EngineQuery, output: EngineOutput, run?: EngineRun): Promise<{ readonly rows: number }>;
  /** Rows of a small answer, such as figures of checks. Dates come as `YYYY-MM-DD`, whole numbers as numbers. */
  rows(query: EngineQuery, run?: EngineRun): Promise<readonly EngineRow[]>;
}
