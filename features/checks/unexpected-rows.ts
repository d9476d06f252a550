import type { ColumnType } from '#configs/types/declared-type.ts';
import { parseType } from '#configs/types/parse-type.ts';
import { type PlainCheck, presentValue, type SqlForm } from './plain-check.ts';
import { nameSql, textSql } from '../sql/text-sql.ts';

/** A condition that the unexpected rows of a check meet; undefined if it judges the column or the table as a whole. */
export function unexpectedIf(check: PlainCheck, form: SqlForm): string | undefined {
  const { expectation, kwargs, column } = check;
  if (column === undefined) return undefined;
  const value = presentValue(column, form);
  switch (expectation) {
    case 'expect_column_values_to_not_be_null':
      return `(${value}) IS NULL`;
    case 'expect_column_values_to_be_between':
      return outside(value, kwargs);
    case 'expect_column_values_to_be_in_set':
      return `(${value}) NOT IN (${literals(kwargs['value_set'], column.type, form)})`;
    default:
      return undefined;
  }
}

/** DuckDB's forms, for the queries that people run. */
const DUCKDB: SqlForm = { name: nameSql, text: textSql };

/**
 * A query for DuckDB that selects the unexpected rows of a check from Parquet files; undefined if the check judges the
 * column or the table as a whole.
 */
export function unexpectedRowsSql(check: PlainCheck, uris: readonly string[]): string | undefined {
  const from = `SELECT * FROM read_parquet([${uris.map(DUCKDB.text).join(', ')}])`;
  if (check.expectation === 'expect_column_values_to_be_unique' && check.column !== undefined) {
    const value = presentValue(check.column, DUCKDB);
    return `${from} WHERE (${value}) IS NOT NULL QUALIFY COUNT(*) OVER (PARTITION BY ${value}) > 1 LIMIT 100`;
  }
  const condition = unexpectedIf(check, DUCKDB);
  return condition === undefined ? undefined : `${from} WHERE ${condition} LIMIT 100`;
}

/** The same for rows that lack a column of the key, and rows that share a key. */
export function invalidKeysSql(key: readonly string[], uris: readonly string[]): string {
  const columns = key.map((name) => DUCKDB.name(name));
  const lacks = columns.map((column) => `${column} IS NULL`).join(' OR ');
  const from = `SELECT * FROM read_parquet([${uris.map(DUCKDB.text).join(', ')}])`;
  return `${from} QUALIFY ${lacks} OR COUNT(*) OVER (PARTITION BY ${columns.join(', ')}) > 1 LIMIT 100`;
}

function outside(value: string, { min_value: min, max_value: max }: PlainCheck['kwargs']): string {
  const sides = [
    ...(typeof min === 'number' ? [`(${value}) < ${number(min)}`] : []),
    ...(typeof max === 'number' ? [`(${value}) > ${number(max)}`] : []),
  ];
  return sides.length === 0 ? 'FALSE' : sides.join(' OR ');
}

function literals(values: unknown, type: ColumnType, form: SqlForm): string {
  if (!Array.isArray(values)) throw new TypeError('value_set is a list');
  return values.map((value: unknown) => literal(value, type, form)).join(', ');
}

function literal(value: unknown, type: ColumnType, form: SqlForm): string {
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  if (typeof value === 'number') return number(value);
  // A whole number above 2^53 is written as text in YAML, and compared as a number.
  if (isExact(type) && typeof value === 'string' && /^-?\d+$/.test(value)) return `(${value})`;
  return form.text(String(value));
}

function isExact(type: ColumnType): boolean {
  return type === 'bigint' || parseType(type).kind === 'decimal';
}

function number(value: number): string {
  return value < 0 ? `(${value})` : String(value);
}
