import { type SimpleKind, type SqlType, typeName } from '#configs/types/column-type.ts';
import { nameSql } from './text-sql.ts';

export { MAX_PRECISION, typeName } from '#configs/types/column-type.ts';
export type { SimpleKind, SqlType } from '#configs/types/column-type.ts';

export type TypeKind = SqlType['kind'];

const DUCKDB: Readonly<Record<SimpleKind, string>> = {
  void: '"NULL"',
  boolean: 'BOOLEAN',
  tinyint: 'TINYINT',
  smallint: 'SMALLINT',
  int: 'INTEGER',
  bigint: 'BIGINT',
  float: 'FLOAT',
  double: 'DOUBLE',
  string: 'VARCHAR',
  binary: 'BLOB',
  date: 'DATE',
  // Sessions of both engines are in UTC, so an instant and its wall-clock time in UTC are the same microseconds.
  timestamp: 'TIMESTAMP',
  timestamp_ntz: 'TIMESTAMP',
  interval_month: 'INTERVAL',
  interval_day: 'INTERVAL',
  interval_days: 'INTERVAL',
};

export function simple(kind: SimpleKind): SqlType {
  return { kind };
}

export const BOOLEAN = simple('boolean');
export const INT = simple('int');
export const BIGINT = simple('bigint');
export const DOUBLE = simple('double');
export const STRING = simple('string');
export const DATE = simple('date');
export const TIMESTAMP = simple('timestamp');
export const VOID = simple('void');

export function decimal(precision: number, scale: number): SqlType {
  return { kind: 'decimal', precision, scale };
}

export function arrayOf(element: SqlType): SqlType {
  return { kind: 'array', element };
}

export function duckDbType(type: SqlType): string {
  switch (type.kind) {
    case 'decimal':
      return `DECIMAL(${type.precision}, ${type.scale})`;
    case 'array':
      return `${duckDbType(type.element)}[]`;
    case 'map':
      return `MAP(${duckDbType(type.key)}, ${duckDbType(type.value)})`;
    case 'struct':
      return `STRUCT(${type.fields.map(({ name, type: of }) => `${nameSql(name)} ${duckDbType(of)}`).join(', ')})`;
    default:
      return DUCKDB[type.kind];
  }
}

export function sameType(a: SqlType, b: SqlType): boolean {
  return typeName(a).toLowerCase() === typeName(b).toLowerCase();
}

export const INTEGRAL: readonly TypeKind[] = ['tinyint', 'smallint', 'int', 'bigint'];

export function isIntegral({ kind }: SqlType): boolean {
  return INTEGRAL.includes(kind);
}

export function isFloating({ kind }: SqlType): boolean {
  return kind === 'float' || kind === 'double';
}

export function isNumeric(type: SqlType): boolean {
  return isIntegral(type) || isFloating(type) || type.kind === 'decimal';
}

export function isNested({ kind }: SqlType): boolean {
  return kind === 'array' || kind === 'map' || kind === 'struct';
}

/** Whether a value inside has no type, as in `array()`. */
export function holdsVoid(type: SqlType): boolean {
  if (type.kind === 'array') return holdsVoid(type.element);
  if (type.kind === 'map') return holdsVoid(type.key) || holdsVoid(type.value);
  if (type.kind === 'struct') return type.fields.some((field) => holdsVoid(field.type));
  return type.kind === 'void';
}

export function isInterval({ kind }: SqlType): boolean {
  return kind === 'interval_month' || kind === 'interval_day' || kind === 'interval_days';
}

/** Types that have an order: all but maps, and what contains one. */
export function isOrderable(type: SqlType): boolean {
  if (type.kind === 'array') return isOrderable(type.element);
  if (type.kind === 'struct') return type.fields.every((field) => isOrderable(field.type));
  return type.kind !== 'map';
}

/** The names of the fields of each struct that a type holds. */
export function fieldNames(type: SqlType): readonly (readonly string[])[] {
  if (type.kind === 'array') return fieldNames(type.element);
  if (type.kind === 'map') return [...fieldNames(type.key), ...fieldNames(type.value)];
  if (type.kind !== 'struct') return [];
  return [type.fields.map(({ name }) => name), ...type.fields.flatMap((field) => fieldNames(field.type))];
}
