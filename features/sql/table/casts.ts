import { duckDbType, isFloating, isIntegral, isNested, sameType, type SqlType } from '../types.ts';
import { lowBits } from './wrapped.ts';

type Form = (sql: string, from: SqlType, to: SqlType) => string;

/** Conversions of values, by the kinds of types: DuckDB's form, or what to write instead of one that is not proven. */
function formOf(from: SqlType, to: SqlType): Form | string {
  if (from.kind === 'void') return plain;
  if (isIntegral(from) && isIntegral(to)) return integerToInteger;
  if (isIntegral(from) && isFloating(to)) return plain;
  if (isIntegral(from) && to.kind === 'decimal') return attempt;
  if (isFloating(from) && isFloating(to)) return plain;
  if (from.kind === 'decimal' && isFloating(to)) return plain;
  if (from.kind === 'decimal' && to.kind === 'decimal') return attempt;
  if (from.kind === 'date' && (to.kind === 'timestamp' || to.kind === 'timestamp_ntz')) return plain;
  if (from.kind === 'date' && to.kind === 'string') return (sql) => `CAST(${sql} AS VARCHAR)`;
  if ((from.kind === 'timestamp' || from.kind === 'timestamp_ntz') && to.kind === 'date') return plain;
  if (from.kind === 'timestamp' && to.kind === 'timestamp_ntz') return plain;
  if (from.kind === 'timestamp_ntz' && to.kind === 'timestamp') return plain;
  if (isIntegral(from) && to.kind === 'string') return plain;
  if (isNested(from) && isNested(to) && nestedSql('', from, to) !== undefined)
    return (sql) => nestedSql(sql, from, to) ?? sql;
  if (isNested(from) || isNested(to)) return 'convert the elements with transform(…)';
  return 'use another type';
}

const plain: Form = (sql, _from, to) => `CAST(${sql} AS ${duckDbType(to)})`;
const attempt: Form = (sql, _from, to) => `TRY_CAST(${sql} AS ${duckDbType(to)})`;

const WIDTHS = ['tinyint', 'smallint', 'int', 'bigint'];

/** A value that does not fit loses its high bits, as in Java. */
const integerToInteger: Form = (sql, from, to) =>
  WIDTHS.indexOf(from.kind) <= WIDTHS.indexOf(to.kind)
    ? plain(sql, from, to)
    : lowBits(`CAST(${sql} AS HUGEINT)`, to);

/** Element by element and field by field; undefined if one of these is not proven. */
function nestedSql(sql: string, from: SqlType, to: SqlType): string | undefined {
  if (from.kind === 'array' && to.kind === 'array') {
    if (from.element.kind === 'void') return plain(sql, from, to);
    if (isCastable(from.element, to.element) !== undefined) return undefined;
    return `list_transform(${sql}, lambda c: ${castSql('c', from.element, to.element)})`;
  }
  if (from.kind === 'map' && to.kind === 'map') {
    const keys = isCastable(from.key, to.key) ?? isCastable(from.value, to.value);
    if (keys !== undefined || !sameType(from.key, to.key)) return undefined;
    const values = `list_transform(map_values(m.m), lambda c: ${castSql('c', from.value, to.value)})`;
    return `list_transform([{m: ${sql}}], lambda m: MAP(map_keys(m.m), ${values}))[1]`;
  }
  if (from.kind !== 'struct' || to.kind !== 'struct' || from.fields.length !== to.fields.length)
    return undefined;
  const fields = from.fields.map((field, index) => {
    const other = to.fields[index];
    if (other === undefined || isCastable(field.type, other.type) !== undefined) return undefined;
    const value = castSql(`f."${field.name.replaceAll('"', '""')}"`, field.type, other.type);
    return `"${other.name.replaceAll('"', '""')}": ${value}`;
  });
  if (fields.includes(undefined)) return undefined;
  return `list_transform([${sql}], lambda f: CASE WHEN f IS NOT NULL THEN {${fields.join(', ')}} END)[1]`;
}

/** Undefined if the conversion is proven; otherwise what to write instead. */
export function isCastable(from: SqlType, to: SqlType): string | undefined {
  if (sameType(from, to)) return undefined;
  const form = formOf(from, to);
  return typeof form === 'string' ? form : undefined;
}

export function castSql(sql: string, from: SqlType, to: SqlType): string {
  if (sameType(from, to)) return sql;
  const form = formOf(from, to);
  if (typeof form === 'string')
    throw new TypeError(`The conversion from ${from.kind} to ${to.kind} is not in the table.`);
  return form(sql, from, to);
}
