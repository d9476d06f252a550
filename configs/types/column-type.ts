/**
 * Types of columns, by their Spark SQL names, over a choice of simple kinds. `void` is the type of a bare NULL.
 */
export type TypeOf<Simple extends string> =
  | { readonly kind: Simple }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'array'; readonly element: TypeOf<Simple> }
  | { readonly kind: 'map'; readonly key: TypeOf<Simple>; readonly value: TypeOf<Simple> }
  | { readonly kind: 'struct'; readonly fields: readonly FieldOf<Simple>[] };

export interface FieldOf<Simple extends string> {
  readonly name: string;
  readonly type: TypeOf<Simple>;
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

/** Types of the feature language. */
export type SqlType = TypeOf<SimpleKind>;

/** Types that Parquet has and Spark SQL lacks. */
export const FILE_KINDS = [
  'utinyint',
  'usmallint',
  'uinteger',
  'ubigint',
  'uuid',
  'json',
  'time',
  'interval',
] as const;

/** Types of columns in files. */
export type FileType = TypeOf<SimpleKind | (typeof FILE_KINDS)[number]>;

/** The most digits of a decimal. */
export const MAX_PRECISION = 38;

const INTERVALS: Readonly<Record<string, string>> = {
  interval_month: 'interval year to month',
  interval_day: 'interval day to second',
  interval_days: 'interval day',
};

/** Spark's name: `decimal(10,2)`, `array<int>`, `struct<a:int,b:string>`. */
export function typeName(type: FileType, nameOf: (field: string) => string = (field) => field): string {
  const inner = (of: FileType): string => typeName(of, nameOf);
  switch (type.kind) {
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`;
    case 'array':
      return `array<${inner(type.element)}>`;
    case 'map':
      return `map<${inner(type.key)},${inner(type.value)}>`;
    case 'struct':
      return `struct<${type.fields.map(({ name, type: of }) => `${nameOf(name)}:${inner(of)}`).join(',')}>`;
    default:
      return INTERVALS[type.kind] ?? type.kind;
  }
}

/** A text that `parseType` and `parseFileType` read back: Spark's name, with odd names of fields in backticks. */
export function typeText(type: FileType): string {
  return typeName(type, (field) =>
    /^[A-Za-z_][A-Za-z0-9_]*$/.test(field) ? field : `\`${field.replaceAll('`', '``')}\``,
  );
}
