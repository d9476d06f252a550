import { analyseQuery } from './analyse/query.ts';
import { parse } from './parse/query.ts';
import { querySql } from './print/duckdb.ts';
import type { ReadableRelation } from './relation.ts';
import { sparkText } from './spark-text.ts';
import type { Origins } from './typed.ts';
import type { SqlType } from './types.ts';
import { nameSql } from './text-sql.ts';

/** A query that may run, with all that is known of it without data. */
export interface CompiledQuery {
  /** For DuckDB, over views with the names of the relations. */
  readonly duckdb: string;
  /** For Spark: the author's text, with what Spark 4.0 lacks written out. */
  readonly spark: string;
  readonly columns: readonly CompiledColumn[];
  /** Raw columns that anything in the query reads, also only to filter, join or order. */
  readonly used: ReadonlySet<string>;
}

export interface CompiledColumn {
  /** Undefined for an expression without an alias. */
  readonly name: string | undefined;
  readonly type: SqlType;
  /** Raw columns that it is computed from. */
  readonly origins: Origins;
  /** The author's expression that computes it. */
  readonly text: string | undefined;
}

/**
 * Compiles a query of the feature language over the relations that it may read; nothing else exists for it. Reads no data.
 * Throws `SqlFault`: `SQL_INVALID`, `SQL_NOT_TRANSLATABLE`, `FEATURE_FROM_SENSITIVE`, with the place in the text.
 */
export function compile(sql: string, relations: readonly ReadableRelation[]): CompiledQuery {
  const parsed = parse(sql);
  const { query, used, edits } = analyseQuery(parsed, relations);
  const columns = query.columns.map(
    ({ sql: column, name }, index) => `${column} AS ${nameSql(name ?? `_c${index}`)}`,
  );
  return {
    duckdb: `SELECT ${columns.join(', ')} FROM (\n${querySql(query)}\n) AS result`,
    spark: sparkText(sql, edits),
    columns: query.columns.map(({ name, type, origins, text }) => ({ name, type, origins, text })),
    used,
  };
}
