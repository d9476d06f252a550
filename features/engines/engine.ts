import type { NamedColumn } from '#catalog/feature-configs.ts';
import type { TableFindings, TableRules } from '../checks/findings.ts';
import type { ColumnStatistics } from '../checks/statistics.ts';
import type { PartFile } from '../partitions/partition.ts';

/** One object to read. */
export interface InputFile {
  /** `s3://<bucket>/<key>`. */
  readonly uri: string;
  /** Bytes. */
  readonly size: number;
  /** Lower-case hex, if known. The engine then fails with `PART_DIGEST_MISMATCH` if the bytes differ. */
  readonly sha256?: string;
  /**
   * Files of the same layout have the same columns of the same types. The engine casts each layout by itself, so that a value
   * never depends on the types of other files.
   * @default all files without one have the same
   */
  readonly layout?: string;
}

/** Where the files of a layout hold a column, and as what. */
export interface ColumnInFiles {
  /** Its name in the files, or in the names of their folders. */
  readonly column: string;
  /** Its type in the files, as `columnsOf` writes it; null if folders give its value as text. */
  readonly type: string | null;
}

/** Parquet files, read as one table. */
export interface InputTable {
  /** The table's columns. The engine casts the columns of the files to these types; files may have more columns. */
  readonly columns: readonly NamedColumn[];
  /** Who wrote the files. Those of a source were compared with the declared columns before (`checks/source-columns.ts`). */
  readonly from: {
    readonly kind: 'source' | 'partition';
    readonly name: string;
    /** Key prefix of the files, for messages. */
    readonly location: string;
  };
  /**
   * Where the files of each layout hold the columns, by layout and column.
   * @default columns of the same names, which are cast
   */
  readonly layouts?: Readonly<Record<string, Readonly<Record<string, ColumnInFiles>>>>;
  /** All files of the table. The engine reads exactly these; without any, the table has no row. */
  readonly files: readonly InputFile[];
}

/** Name by which the rows of a relation read its input. */
export const INPUT = 'input';

/** What a query can read under one name. */
export interface InputRelation {
  /** Its name in the query. */
  readonly name: string;
  readonly input: InputTable;
  /**
   * The rows and columns of the input that the query can see: one SELECT in Spark SQL, without WITH, from `INPUT`. The query
   * cannot name the input itself.
   * @default every row and declared column
   */
  readonly rows?: string;
  /**
   * Columns that identify one of these rows.
   * @default none is known
   */
  readonly keys?: readonly string[];
}

/** One table to build: a partition or a training frame. Plain data, so that it can be sent to a cluster. */
export interface TableBuild extends TableRules {
  /** One SELECT in Spark SQL over the relations, by their names. A division by zero gives NULL. */
  readonly sql: string;
  /** All that the query can read. */
  readonly relations: readonly InputRelation[];
  /** Columns to write, in this order. The query must return exactly these. A value that does not fit its type fails the build. */
  readonly columns: readonly NamedColumn[];
  /** Order of the rows across all parts. It must leave no ties; otherwise the same rows could give different bytes. */
  readonly sortBy: readonly string[];
  readonly output: {
    /**
     * Key prefix, ending with `/`, in the store's bucket. The engine names the parts below it and never overwrites an object.
     */
    readonly prefix: string;
    /**
     * Key prefix, ending with `/`, for rows that failed a check of severity `error`, so that people can look at them.
     * @default undefined (they are thrown away)
     */
    readonly refusedPrefix?: string;
    /** Part of the parts' keys, for people; need not be unique. */
    readonly attempt: string;
    /**
     * Whether all rows have to be in one part.
     * @default false (the engine chooses the number of parts)
     */
    readonly onePart?: boolean;
  };
}

export type BuildStep = 'read inputs' | 'run query' | 'check' | 'upload';

export interface EngineRun {
  /** Cancels the build, whose promise then rejects with the signal's reason. No part remains. */
  readonly signal?: AbortSignal | undefined;
  /** Called at each step, and about once a second while the query runs, with the share done (0 to 1) if it is known. */
  readonly onProgress?:
    ((progress: { readonly step: BuildStep; readonly share?: number }) => void) | undefined;
}

/** Facts about the data for the manifest. */
export interface BuiltTable {
  readonly outcome: 'built';
  /** In row order; their rows add up to those of the findings. */
  readonly parts: readonly PartFile[];
  readonly schema: readonly NamedColumn[];
  readonly findings: TableFindings;
  /** One entry per column of the schema, in its order. */
  readonly statistics: readonly ColumnStatistics[];
  /** Engine name and version, such as `duckdb v1.4.2`. */
  readonly engine: string;
}

/** The query ran, but its rows must not be kept (`isAcceptable`). No part remains, except under `refusedPrefix`. */
export interface RefusedTable {
  readonly outcome: 'refused';
  readonly findings: TableFindings;
  /** Under `refusedPrefix`; empty if no check failed or nothing was to be kept. */
  readonly parts: readonly PartFile[];
}

/**
 * Runs feature SQL over files of an object store and writes the rows back to it as Parquet. The same build gives parts
 * with the same bytes. A build can open the files of its inputs and no others. Nothing is visible until a manifest names the parts. A failed build removes its parts; after a
 * crash the sweep of the store removes them.
 * Errors: `PART_DIGEST_MISMATCH`, `OBJECT_NOT_FOUND`, `SOURCE_FILE_UNREADABLE` (inputs);
 * `SQL_INVALID`, `SQL_NOT_TRANSLATABLE`, `SQL_FAILED`, `PARTITION_COLUMNS_DIFFER`, `FEATURE_TYPE_DIFFERS` (the query; without a place,
 * except `checks` for a failure in the checks); `ENGINE_OUT_OF_MEMORY`; `ENGINE_FAILED`, `STORE_UNREACHABLE` (worth a retry).
 */
export interface FeatureEngine {
  build(build: TableBuild, run?: EngineRun): Promise<BuiltTable | RefusedTable>;
}
