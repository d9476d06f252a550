import type { FoundColumn } from '../checks/found-column.ts';

/** What the footer of a source's Parquet file tells about its rows. */
export interface FileFacts {
  readonly rows: number;
  readonly columns: readonly FoundColumn[];
  /**
   * The earliest value of each date and timestamp column, as a UTC instant; before 1970 it may be a millisecond too early. Null if no row has
   * a value. A column whose footer does not tell is missing.
   */
  readonly earliest: Readonly<Record<string, string | null>>;
  /** Columns of 64-bit integers whose values all have an exact `double`. */
  readonly exact: readonly string[];
}

/** A data file of a source, as it is now. */
export interface SourceFile {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  readonly etag: string;
}

export interface ReadFile extends SourceFile {
  readonly facts: FileFacts;
}
