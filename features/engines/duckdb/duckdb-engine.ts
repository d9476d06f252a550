import { resolve } from 'node:path';
import type { DuckDBResultReader } from '@duckdb/node-api';
import { DuckDBTypeId, version } from '@duckdb/node-api';
import { duckDbSessions, quote, type DuckDbOptions, type DuckDbSession } from './duckdb-session.ts';
import type {
  EngineQuery,
  EngineRow,
  EngineTable,
  EngineValue,
  FeatureEngine,
  FoundColumn,
} from '../engine.ts';
import { DUCKDB_TYPES, foundColumns, name } from './duckdb-columns.ts';
import type { NamedColumn } from '#catalog/feature-configs.ts';
import { sparkToDuckDb } from './transpile.ts';

const NUMERIC_TEXT = new Set<DuckDBTypeId>([
  DuckDBTypeId.BIGINT,
  DuckDBTypeId.UBIGINT,
  DuckDBTypeId.HUGEINT,
  DuckDBTypeId.UHUGEINT,
  DuckDBTypeId.DECIMAL,
]);

/** The feature engine of one machine. Calls share its memory limit, not their tables. */
export function createDuckDbEngine(options: DuckDbOptions): FeatureEngine {
  const open = duckDbSessions(options);
  return {
    name: `duckdb ${version()}`,
    async inspect(files, run) {
      await using session = await open();
      const union = await session.all(`DESCRIBE SELECT * FROM ${parquet(files)}`, run);
      const columns = foundColumns(union);
      const footers = await session.all(
        `SELECT file_name, name FROM parquet_schema([${files.map(location).join(', ')}])`,
        run,
      );
      return { columns, lacking: columnsLacking(columns, files, footers.getRowObjectsJson()) };
    },
    async describe(query, run) {
      await using session = await open();
      await createViews(session, query);
      return foundColumns(await session.all(`DESCRIBE ${sparkToDuckDb(query.sql)}`, run));
    },
    async write(query, { columns, sortBy, path }, run) {
      await using session = await open();
      await createViews(session, query);
      const select = `SELECT ${casts(columns)} FROM (${sparkToDuckDb(query.sql)}) AS result`;
      const copied = await session.all(
        `COPY (${select} ORDER BY ${sortBy.map(name).join(', ')}) TO ${location(path)} (FORMAT parquet, COMPRESSION zstd)`,
        run,
      );
      return { rows: Number(copied.getRowsJson()[0]?.[0] ?? 0) };
    },
    async rows(query, run) {
      await using session = await open();
      await createViews(session, query);
      return plainRows(await session.all(sparkToDuckDb(query.sql), run));
    },
  };
}

async function createViews(session: DuckDbSession, { tables }: EngineQuery): Promise<void> {
  for (const table of tables) await session.all(`CREATE TEMP VIEW ${name(table.name)} AS ${viewOf(table)}`);
}

function viewOf({ files, columns }: EngineTable): string {
  return `SELECT ${casts(columns)} FROM ${parquet(files)}`;
}

function casts(columns: readonly NamedColumn[]): string {
  return columns
    .map((column) => `CAST(${name(column.name)} AS ${DUCKDB_TYPES[column.type]}) AS ${name(column.name)}`)
    .join(', ');
}

function parquet(files: readonly string[]): string {
  return `read_parquet([${files.map(location).join(', ')}], union_by_name = true)`;
}

/** Absolute, because DuckDB compares paths with the folders it may use as text. */
function absolute(file: string): string {
  return file.startsWith('s3://') ? file : resolve(file);
}

function location(file: string): string {
  return quote(absolute(file));
}

function columnsLacking(
  columns: readonly FoundColumn[],
  files: readonly string[],
  footers: readonly Record<string, unknown>[],
): Map<string, string[]> {
  const has = new Set(footers.map((row) => JSON.stringify([row['file_name'], row['name']])));
  const lacking = new Map<string, string[]>();
  for (const { name: column } of columns) {
    // A column may also stand in the path, as `…/month=2005-09/part.parquet`.
    const without = files.filter(
      (file) => !has.has(JSON.stringify([absolute(file), column])) && !file.includes(`/${column}=`),
    );
    if (without.length > 0) lacking.set(column, without);
  }
  return lacking;
}

function plainRows(result: DuckDBResultReader): EngineRow[] {
  const numbers = new Set(
    result.columnNames().filter((_, index) => NUMERIC_TEXT.has(result.columnTypeId(index))),
  );
  return result.getRowObjectsJson().map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([column, value]): [string, EngineValue] => {
        if (value !== null && numbers.has(column)) return [column, Number(value)];
        return [column, typeof value === 'object' && value !== null ? JSON.stringify(value) : value];
      }),
    ),
  );
}
