import { MillraceError } from '#errors/millrace-error.ts';
import { sparkToDuckDb } from '#features/engines/duckdb/transpile.ts';
import type { Column } from './encoded.ts';

/** The columns of each table that a query may read. */
export type Tables = Readonly<Record<string, readonly Column[]>>;

export type Translation =
  | { readonly duckdb: string; readonly spark: string }
  /** Code and message. */
  | { readonly refused: string };

/** What the platform makes of a query: the texts that DuckDB and Spark run. */
export function translate(sql: string, _tables: Tables): Translation {
  try {
    return { duckdb: sparkToDuckDb(sql), spark: sql };
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error;
    return { refused: `${error.code}: ${error.message}` };
  }
}
