import { resolve } from 'node:path';
import type { NamedColumn } from '#catalog/feature-configs.ts';
import { parseType } from '#configs/types/parse-type.ts';
import { nameSql, textSql } from '../../sql/text-sql.ts';
import { duckDbType } from '../../sql/types.ts';
import type { InputTable } from '../engine.ts';
import { FILE, readColumn } from './read-column.ts';

/** DuckDB SQL around compiled queries. Pure, so that it can be shown without a DuckDB. */

/** A SELECT of the files' rows, with the columns' names and types. `files` are those of the input, as DuckDB reads them. */
export function selectAll(input: SelectedInput, files: readonly string[]): string {
  const layouts = Map.groupBy(files, (_, index) => input.files[index]?.layout ?? '');
  if (layouts.size === 0) return `SELECT ${nulls(input.columns)} WHERE FALSE`;
  const selects = [...layouts].map(([layout, alike]) => selectAlike(input, layout, alike));
  return selects.join(' UNION ALL ');
}

type SelectedInput = Pick<InputTable, 'columns' | 'files'> & Partial<Pick<InputTable, 'layouts' | 'from'>>;

/** The rows of files that hold the same columns of the same types. */
function selectAlike(
  { columns, layouts, from }: SelectedInput,
  layout: string,
  files: readonly string[],
): string {
  const held = layouts?.[layout];
  if (held === undefined || from === undefined) return `SELECT ${casts(columns)} FROM ${parquet(files)}`;
  const items = columns.map((column) => {
    const place = held[column.name];
    if (place === undefined)
      throw new TypeError(`Files of "${from.name}" are read without the column "${column.name}".`);
    return `${readColumn(column, place, from)} AS ${nameSql(column.name)}`;
  });
  // The name of the file costs a text per row, so it is read only where a message may need it.
  const named = items.some((item) => item.includes(FILE));
  return `SELECT ${items.join(', ')} FROM ${parquet(files, named)}`;
}

function nulls(columns: readonly NamedColumn[]): string {
  return columns
    .map((column) => `CAST(NULL AS ${duckDbType(parseType(column.type))}) AS ${nameSql(column.name)}`)
    .join(', ');
}

/** A select list that casts each column to its type. */
function casts(columns: readonly NamedColumn[]): string {
  return columns
    .map(
      (column) =>
        `CAST(${nameSql(column.name)} AS ${duckDbType(parseType(column.type))}) AS ${nameSql(column.name)}`,
    )
    .join(', ');
}

export function location(file: string): string {
  return textSql(absolutePath(file));
}

export function parquet(files: readonly string[], withFile = false): string {
  const name = withFile ? `, filename = ${textSql(FILE)}` : '';
  // Values of folder names stay text until they are cast to the declared type.
  return `read_parquet([${files.map(location).join(', ')}], hive_types_autocast = false${name})`;
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
