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

/** Quotes an identifier for DuckDB. */
export function name(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}
