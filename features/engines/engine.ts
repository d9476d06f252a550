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
  /** Lower-case hex, where it is known. The engine then reads no other bytes: it fails with `PART_DIGEST_MISMATCH`. */
  readonly sha256?: string;
}

/** Parquet files that the query reads as one table. */
export interface InputTable {
  /** Its name in the query. */
  readonly name: string;
  /** The table's columns. The engine casts what it finds to their types; files may have further columns. */
  readonly columns: readonly NamedColumn[];
  /**
   * Whose files these are. A source's files come from outside, so the engine first holds them to the declared columns
   * (`checks/source-columns.ts`).
   */
  readonly from: {
    readonly kind: 'source' | 'partition';
    readonly name: string;
    /** Key prefix of the files, for messages. */
    readonly location: string;
  };
  /** All files of the table, at least one. The engine reads exactly these. */
  readonly files: readonly InputFile[];
}

/** One table to build: a partition, or a training frame. Plain data, so that it can travel to a cluster. */
export interface TableBuild extends TableRules {
  /** One SELECT in Spark's dialect over the inputs, by their names. NULL is what a division by zero gives. */
  readonly sql: string;
  readonly inputs: readonly InputTable[];
  /** Columns to write, in this order. The query gives exactly these; a value that does not fit its type fails. */
  readonly columns: readonly NamedColumn[];
  /** Order of the rows, through all parts. It must leave no ties, or the same rows could give other bytes. */
  readonly sortBy: readonly string[];
  readonly output: {
    /** Key prefix, ending with `/`, in the store's bucket. The engine names the parts below it and overwrites nothing. */
    readonly prefix: string;
    /** Names the attempt in the parts' keys, for people; need not be unique. */
    readonly attempt: string;
    /**
     * Whether all rows have to be in one part.
     * @default false (as many parts as the engine finds good)
     */
    readonly onePart?: boolean;
  };
}

export type BuildStep = 'read inputs' | 'run query' | 'check' | 'upload';

export interface EngineRun {
  /** Stops the build, which then rejects with the signal's reason and leaves no part. */
  readonly signal?: AbortSignal | undefined;
  /** Called at each step, and about once a second while the query runs, with the share done (0 to 1) where it is known. */
  readonly onProgress?:
    ((progress: { readonly step: BuildStep; readonly share?: number }) => void) | undefined;
}

/** What a manifest says of the data. */
export interface BuiltTable {
  readonly outcome: 'built';
  /** In row order; the rows are those of the findings. */
  readonly parts: readonly PartFile[];
  readonly schema: readonly NamedColumn[];
  readonly findings: TableFindings;
  /** One entry per column of the schema, in its order. */
  readonly statistics: readonly ColumnStatistics[];
  /** Name and version of the engine, such as `duckdb v1.4.2`. */
  readonly engine: string;
}

/** The query ran, but its rows may not be kept (`isAcceptable`). No part exists. */
export interface RefusedTable {
  readonly outcome: 'refused';
  readonly findings: TableFindings;
}

/**
 * Runs feature SQL over files of an object store and writes the rows back to it as Parquet. The same build gives parts of the
 * same bytes. Nothing is visible until a manifest names the parts; a build that fails leaves none, save that a crash may, which
 * the sweep of the store removes.
 * Errors: `SOURCE_COLUMN_MISSING`, `SOURCE_TYPE_DIFFERS`, `PART_DIGEST_MISMATCH`, `OBJECT_NOT_FOUND` (inputs);
 * `SQL_NOT_TRANSLATABLE`, `SQL_FAILED`, `PARTITION_COLUMNS_DIFFER`, `FEATURE_TYPE_DIFFERS` (the query; without a place, but for
 * a failure in the checks, which has the place `checks`); `ENGINE_OUT_OF_MEMORY`; `ENGINE_FAILED`, `STORE_UNREACHABLE` (worth a retry).
 */
export interface FeatureEngine {
  build(build: TableBuild, run?: EngineRun): Promise<BuiltTable | RefusedTable>;
}
