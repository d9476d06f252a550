import { columnStatistics, type ColumnStatistics } from '../../checks/statistics.ts';
import type { TableBuild } from '../engine.ts';
import type { DuckDbSession } from './duckdb-session.ts';
import { location } from './duckdb-select.ts';

/** Reads the footer of a written file. Rejects with the signal's reason once it is aborted. */
export async function duckDbStatistics(
  session: DuckDbSession,
  { columns, uniqueBy }: TableBuild,
  path: string,
  signal: AbortSignal | undefined,
): Promise<ColumnStatistics[]> {
  const footer = await session.all(
    `SELECT path_in_schema, num_values, stats_null_count, stats_min_value, stats_max_value FROM parquet_metadata(${location(path)})`,
    { signal },
  );
  const groups = footer.getRowObjectsJson().map((row) => ({
    column: textOrNull(row['path_in_schema']) ?? '',
    rows: Number(row['num_values']),
    nulls: Number(row['stats_null_count']),
    min: textOrNull(row['stats_min_value']),
    max: textOrNull(row['stats_max_value']),
  }));
  return columnStatistics(columns, uniqueBy, groups);
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
