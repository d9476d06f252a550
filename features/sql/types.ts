import { nameSql } from './text-sql.ts';

/** Types of the feature language, by their Spark SQL names. `void` is the type of a bare NULL. */
export type SqlType =
  | { readonly kind: SimpleKind }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'array'; readonly element: SqlType }
  | { readonly kind: 'map'; readonly key: SqlType; readonly value: SqlType }
  | { readonly kind: 'struct'; readonly fields: readonly StructField[] };

export interface StructField {
  readonly name: string;
  readonly type: SqlType;
}

/**
 * `interval_month` and `interval_day` are Spark's year-month and day-time intervals, and `interval_days` is a day-time
 * interval of whole days, which gives a date when added to one; no column has them.
 */
export type SimpleKind =
  | 'void'
  | 'boolean'
  | 'tinyint'
  | 'smallint'
  | 'int'
  | 'bigint'
  | 'float'
  | 'double'
  | 'string'
  | 'binary'
  | 'date'
  | 'timestamp'
  | 'timestamp_ntz'
  | 'interval_month'
  | 'interval_day'
  | 'interval_days';

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

export const MAX_PRECISION = 38;

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

/** Spark's name: `decimal(10,2)`, `array<int>`, `struct<a:int,b:string>`. */
export function typeName(type: SqlType): string {
  switch (type.kind) {
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`;
    case 'array':
      return `array<${typeName(type.element)}>`;
    case 'map':
      return `map<${typeName(type.key)},${typeName(type.value)}>`;
    case 'struct':
      return `struct<${type.fields.map(({ name, type: of }) => `${name}:${typeName(of)}`).join(',')}>`;
    case 'interval_month':
      return 'interval year to month';
    case 'interval_day':
      return 'interval day to second';
    case 'interval_days':
      return 'interval day';
    default:
      return type.kind;
  }
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
