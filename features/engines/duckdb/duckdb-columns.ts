import type { DuckDBResultReader } from '@duckdb/node-api';
import type { FoundColumn } from '../../checks/found-column.ts';

/** DuckDB names of the column types in configs. */
export const DUCKDB_TYPES = {
  boolean: 'BOOLEAN',
  int: 'INTEGER',
  bigint: 'BIGINT',
  double: 'DOUBLE',
  string: 'VARCHAR',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
} as const;

/** The result of DESCRIBE, with Spark type names where they exist. */
export function foundColumns(described: DuckDBResultReader): FoundColumn[] {
  const table = described.getColumnsObjectJson();
  const texts = (column: string): string[] =>
    (table[column] ?? []).filter((value): value is string => typeof value === 'string');
  const types = texts('column_type').map(sparkType);
  return texts('column_name').map((column, index) => ({ name: column, type: types[index] ?? 'unknown' }));
}

function sparkType(type: string): string {
  if (type.startsWith('TIMESTAMP')) return 'timestamp';
  const same = Object.entries(DUCKDB_TYPES).find(([, duckdb]) => duckdb === type);
  return same?.[0] ?? type.toLowerCase();
}

/** Quotes an identifier for DuckDB. */
export function name(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}
