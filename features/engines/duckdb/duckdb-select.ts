import { resolve } from 'node:path';
import type { NamedColumn } from '#catalog/feature-configs.ts';
import { typeNamed } from '../../sql/parse/type-names.ts';
import { nameSql, textSql } from '../../sql/text-sql.ts';
import { duckDbType } from '../../sql/types.ts';
import type { InputTable } from '../engine.ts';

/** DuckDB SQL around compiled queries. Pure, so that it can be shown without a DuckDB. */

/** A SELECT of the files' rows, cast to the columns' types. `files` are those of the input, as DuckDB reads them. */
export function selectAll(input: Pick<InputTable, 'columns' | 'files'>, files: readonly string[]): string {
  const layouts = Map.groupBy(files, (_, index) => input.files[index]?.layout ?? '');
  if (layouts.size === 0) return `SELECT ${nulls(input.columns)} WHERE FALSE`;
  const selects = [...layouts.values()].map(
    (alike) => `SELECT ${casts(input.columns)} FROM ${parquet(alike)}`,
  );
  return selects.join(' UNION ALL ');
}

function nulls(columns: readonly NamedColumn[]): string {
  return columns
    .map((column) => `CAST(NULL AS ${duckDbType(typeNamed(column.type))}) AS ${nameSql(column.name)}`)
    .join(', ');
}

/** A select list that casts each column to its type. */
function casts(columns: readonly NamedColumn[]): string {
  return columns
    .map(
      (column) =>
        `CAST(${nameSql(column.name)} AS ${duckDbType(typeNamed(column.type))}) AS ${nameSql(column.name)}`,
    )
    .join(', ');
}

export function location(file: string): string {
  return textSql(absolutePath(file));
}

export function parquet(files: readonly string[]): string {
  // Values of folder names stay text until they are cast to the declared type.
  return `read_parquet([${files.map(location).join(', ')}], hive_types_autocast = false)`;
}

/** The rows of a compiled query as a table is written: cast to its columns, in their order, and sorted. */
export function tableSelect(
  duckdb: string,
  { columns, sortBy }: { readonly columns: readonly NamedColumn[]; readonly sortBy: readonly string[] },
): string {
  return `SELECT ${casts(columns)} FROM (${duckdb}) AS result ORDER BY ${sortBy.map(nameSql).join(', ')}`;
}

/** Absolute, because DuckDB compares paths with its allowed files as text. */
export function absolutePath(file: string): string {
  return file.startsWith('s3://') ? file : resolve(file);
}
