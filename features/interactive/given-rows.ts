import type { NamedColumn } from '#catalog/feature-configs.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { SqlType } from '#configs/types/column-type.ts';
import { parseType } from '#configs/types/parse-type.ts';
import { nameSql, textSql } from '../sql/text-sql.ts';
import { duckDbType } from '../sql/types.ts';

/** Rows that a test gives, with values as YAML has them. Columns that a row leaves out are null. */
export interface GivenRows {
  readonly columns: readonly NamedColumn[];
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

/** DuckDB SQL that gives the rows. Throws `CONFIG_INVALID_VALUE` for a nested value that is not of its type's form. */
export function givenSelect({ columns, rows }: GivenRows): string {
  const types = columns.map(({ type }) => parseType(type));
  const list = columns.map(({ name }, index) => {
    const type = types[index];
    return type === undefined ? '' : `CAST(${nameSql(name)} AS ${duckDbType(type)}) AS ${nameSql(name)}`;
  });
  const names = columns.map(({ name }) => nameSql(name)).join(', ');
  const valuesOf = (row: GivenRows['rows'][number]): string =>
    `(${columns.map(({ name }, index) => valueSql(row[name] ?? null, types[index])).join(', ')})`;
  const values = rows.length === 0 ? [valuesOf({})] : rows.map(valuesOf);
  const nothing = rows.length === 0 ? ' WHERE FALSE' : '';
  return `SELECT ${list.join(', ')} FROM (VALUES ${values.join(', ')}) AS given(${names})${nothing}`;
}

function valueSql(value: unknown, type: SqlType | undefined): string {
  if (type === undefined) throw new TypeError('Every column has a type.');
  return `CAST(${innerSql(value, type)} AS ${duckDbType(type)})`;
}

function innerSql(value: unknown, type: SqlType): string {
  if (value === null) return 'NULL';
  if (type.kind === 'array' && Array.isArray(value))
    return `[${value.map((item) => valueSql(item, type.element)).join(', ')}]`;
  if ((type.kind === 'struct' || type.kind === 'map') && typeof value === 'object' && !Array.isArray(value))
    return nestedSql(value, type);
  if (typeof value === 'object' || type.kind === 'array') throw notOfForm(type);
  // Both spellings of a time, `2024-05-01T13:30:00Z` too, are times in UTC.
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return textSql(type.kind.startsWith('timestamp') ? text.replace(/Z$/, '') : text);
}

function nestedSql(value: object, type: SqlType & { readonly kind: 'struct' | 'map' }): string {
  if (type.kind === 'map') {
    const entries = Object.entries(value).map(
      ([key, item]) => `${valueSql(key, type.key)}: ${valueSql(item, type.value)}`,
    );
    return `MAP {${entries.join(', ')}}`;
  }
  const fields = type.fields.map(({ name, type: of }) => {
    const item = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : null;
    return `${textSql(name)}: ${valueSql(item, of)}`;
  });
  return `{${fields.join(', ')}}`;
}

function notOfForm({ kind }: SqlType): MillraceError {
  const form = kind === 'array' ? 'a list' : kind === 'struct' || kind === 'map' ? 'a mapping' : 'one value';
  return new MillraceError('CONFIG_INVALID_VALUE', `A given value of type ${kind} is not ${form}.`);
}
