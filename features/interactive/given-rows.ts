import type { NamedColumn } from '#catalog/feature-configs.ts';
import { parseType } from '#configs/types/parse-type.ts';
import { nameSql, textSql } from '../sql/text-sql.ts';
import { duckDbType } from '../sql/types.ts';

/** Rows that a test gives: text that reads as the column's type, or null. Columns that a row leaves out are null. */
export interface GivenRows {
  readonly columns: readonly NamedColumn[];
  readonly rows: readonly Readonly<Record<string, string | null>>[];
}

/** DuckDB SQL that gives the rows. */
export function givenSelect({ columns, rows }: GivenRows): string {
  const cast = ({ name, type }: NamedColumn): string =>
    `CAST(${nameSql(name)} AS ${duckDbType(parseType(type))}) AS ${nameSql(name)}`;
  const list = columns.map(cast).join(', ');
  const names = columns.map(({ name }) => nameSql(name)).join(', ');
  const valuesOf = (row: GivenRows['rows'][number]): string =>
    `(${columns.map(({ name }) => valueSql(row[name] ?? null)).join(', ')})`;
  const values = rows.length === 0 ? [`(${columns.map(() => 'NULL').join(', ')})`] : rows.map(valuesOf);
  const nothing = rows.length === 0 ? ' WHERE FALSE' : '';
  return `SELECT ${list} FROM (VALUES ${values.join(', ')}) AS given(${names})${nothing}`;
}

function valueSql(value: string | null): string {
  return value === null ? 'CAST(NULL AS VARCHAR)' : textSql(value);
}
