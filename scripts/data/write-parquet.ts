import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';

/**
 * Writes a query's rows to `<folder>/raw/<table>/<file>.parquet`. The query must order its rows: with one thread and a
 * fixed DuckDB, the same rows then give the same bytes.
 */
export async function writeRawFile(
  connection: DuckDBConnection,
  folder: string,
  table: string,
  file: string,
  query: string,
): Promise<void> {
  const path = join(folder, 'raw', table, `${file}.parquet`);
  mkdirSync(dirname(path), { recursive: true });
  await connection.run(`COPY (${query}) TO ${sqlText(path)} (FORMAT parquet, COMPRESSION zstd)`);
}

export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
