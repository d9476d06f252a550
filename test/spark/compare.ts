import { comparableFloat } from '#features/interactive/comparable-float.ts';
import { typeText, type Column, type Encoded, type QueryResult, type SparkType } from './encoded.ts';

const MOST_ROWS_SHOWN = 5;

export interface Expected {
  /** True if the order of the rows matters. */
  readonly ordered: boolean;
  /** What the compiler says of the columns, if the query was compiled; one without an alias has no name. */
  readonly compiled?: readonly { readonly name: string | undefined; readonly type: string }[] | undefined;
}

/**
 * How two results differ from each other and from what the compiler says, in sentences; empty if they are equal. Names
 * (with their case), types and values must be equal. Floats are rounded to float32 first, which is what a model sees: NaN
 * equals NaN, and -0.0 equals 0.0.
 */
export function differences(
  spark: QueryResult,
  duckdb: QueryResult,
  { ordered, compiled }: Expected,
): readonly string[] {
  const columns = columnDifferences(spark.columns, duckdb.columns, compiled);
  if (spark.columns.length !== duckdb.columns.length) return columns;
  const left = comparable(spark);
  const right = comparable(duckdb);
  if (!ordered) {
    left.sort();
    right.sort();
  }
  if (left.length === right.length && left.every((row, index) => row === right[index])) return columns;
  return [...columns, ...rowDifferences(left, right)];
}

function columnDifferences(
  spark: readonly Column[],
  duckdb: readonly Column[],
  compiled: Expected['compiled'],
): string[] {
  if (spark.length !== duckdb.length)
    return [`Spark has ${spark.length} columns, DuckDB has ${duckdb.length}.`];
  return spark.flatMap(({ name, type }, index) => {
    const other = duckdb[index];
    const planned = compiled?.[index];
    // Engines name a column without an alias in ways of their own.
    const named = compiled === undefined || planned?.name !== undefined;
    return [
      ...(named && name !== other?.name
        ? [`Column ${index + 1} is ${name} on Spark, ${other?.name ?? 'nothing'} on DuckDB.`]
        : []),
      ...(other !== undefined && !sameType(type, other.type)
        ? [`${name} is ${typeText(type)} on Spark, ${typeText(other.type)} on DuckDB.`]
        : []),
      ...(planned !== undefined && planned.type !== typeText(type)
        ? [`${name} is ${typeText(type)} on Spark, ${planned.type} for the compiler.`]
        : []),
    ];
  });
}

/** In UTC, both kinds of timestamp hold the same values. */
function sameType(spark: SparkType, duckdb: SparkType): boolean {
  const text = (type: SparkType): string => typeText(type).replaceAll('timestamp_ntz', 'timestamp');
  return text(spark) === text(duckdb);
}

/** One text a row, equal for equal rows. */
function comparable({ columns, rows }: QueryResult): string[] {
  return rows.map((row) =>
    JSON.stringify(row.map((value, index) => comparableValue(value, columns[index]?.type ?? 'unknown'))),
  );
}

function comparableValue(value: Encoded, type: SparkType): Encoded {
  if (value === null) return null;
  if (type === 'double' || type === 'float') return comparableFloat(value);
  if (typeof type === 'string' || !Array.isArray(value)) return value;
  const items: readonly Encoded[] = value;
  if ('array' in type) return items.map((item) => comparableValue(item, type.array));
  if ('struct' in type)
    return items.map((item, index) => comparableValue(item, type.struct[index]?.[1] ?? 'unknown'));
  // A map: its entries have no order.
  const entry: SparkType = {
    struct: [
      ['key', type.map[0]],
      ['value', type.map[1]],
    ],
  };
  return items
    .map((item) => JSON.stringify(comparableValue(item, entry)))
    .toSorted()
    .map((text) => JSON.parse(text) as Encoded);
}

function rowDifferences(spark: readonly string[], duckdb: readonly string[]): string[] {
  const onlySpark = without(spark, duckdb);
  const onlyDuckDb = without(duckdb, spark);
  if (onlySpark.length === 0 && onlyDuckDb.length === 0) return ['The rows are equal but in another order.'];
  const list = (rows: readonly string[], where: string): string[] => [
    `${rows.length} of ${where === 'Spark' ? spark.length : duckdb.length} rows only on ${where}:`,
    ...rows.slice(0, MOST_ROWS_SHOWN).map((row) => `  ${row}`),
  ];
  return [...list(onlySpark, 'Spark'), ...list(onlyDuckDb, 'DuckDB')];
}

/** The rows that are left after each of the other rows took away one equal to it. */
function without(rows: readonly string[], others: readonly string[]): string[] {
  const count = new Map<string, number>();
  for (const row of others) count.set(row, (count.get(row) ?? 0) + 1);
  return rows.filter((row) => {
    const left = count.get(row) ?? 0;
    count.set(row, left - 1);
    return left <= 0;
  });
}
