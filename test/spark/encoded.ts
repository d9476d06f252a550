/** A name such as `decimal(10,2)`, or what an array, a map or a struct holds. */
export type SparkType =
  | string
  | { readonly array: SparkType }
  | { readonly map: readonly [key: SparkType, value: SparkType] }
  | { readonly struct: readonly (readonly [name: string, type: SparkType])[] };

/**
 * A value without loss, read by its type: integers, decimals, dates and timestamps as text, floats as a number or
 * `NaN`, `Infinity`, `-Infinity`, `-0.0`, binary as hex, a struct as its values in order, a map as sorted pairs.
 */
export type Encoded = null | boolean | number | string | readonly Encoded[];

export interface Column {
  readonly name: string;
  readonly type: SparkType;
}

export interface QueryResult {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Encoded[])[];
}

/** A query that an engine rejected or could not finish. */
export interface QueryFailure {
  readonly error: {
    readonly class: string;
    readonly message: string;
    /** True if a form of the function table refused a value for which no equal answer is proven. */
    readonly refused?: boolean;
  };
}

export type Outcome = QueryResult | QueryFailure;

export function typeText(type: SparkType): string {
  if (typeof type === 'string') return type;
  if ('array' in type) return `array<${typeText(type.array)}>`;
  if ('map' in type) return `map<${type.map.map(typeText).join(',')}>`;
  return `struct<${type.struct.map(([name, of]) => `${name}:${typeText(of)}`).join(',')}>`;
}
