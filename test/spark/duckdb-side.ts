import { readEnvironment } from '#configs/environment.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { openDuckDb } from '#features/engines/duckdb/duckdb-session.ts';
import { duckDbType } from '#features/sql/types.ts';
import type { Outcome } from './encoded.ts';
import { encodeDuckDb, typeOfDuckDb } from './encode-duckdb.ts';
import { sqlType, type QueryTable } from './translate.ts';

const LIMIT_MS = 60_000;

/** DuckDB as the platform runs it: one thread, UTC, the settings of its sessions. */
export interface DuckDbSide extends AsyncDisposable {
  run(sql: string): Promise<Outcome>;
}

/** Opens a DuckDB with a view for each table, of its Parquet file, with the columns' types as the compiler expects them. */
export async function openDuckDbSide(
  folder: string,
  tables: readonly QueryTable[],
  paths: Readonly<Record<string, string>>,
): Promise<DuckDbSide> {
  const env = readEnvironment({ MILLRACE_DUCKDB_MEMORY: '1GB' });
  const session = await openDuckDb({ env, folder, files: Object.values(paths) });
  for (const { name, columns } of tables) {
    const casts = columns.map(
      (of) => `CAST("${of.name}" AS ${duckDbType(sqlType(of.type))}) AS "${of.name}"`,
    );
    await session.all(
      `CREATE TEMP VIEW "${name}" AS SELECT ${casts.join(', ')} FROM read_parquet('${paths[name] ?? ''}')`,
    );
  }
  return {
    async run(sql) {
      try {
        const reader = await session.all(sql, { signal: AbortSignal.timeout(LIMIT_MS) });
        const types = reader.columnTypes();
        const columns = reader.columnNames().map((name, index) => {
          const type = types[index];
          return { name, type: type === undefined ? 'unknown' : typeOfDuckDb(type) };
        });
        const rows = reader
          .getRows()
          .map((row) => row.map((value, index) => encodeDuckDb(value, types[index])));
        return { columns, rows };
      } catch (error) {
        if (error instanceof Error && error.name === 'TimeoutError')
          return { error: { class: 'TIMEOUT', message: 'DuckDB gave no answer.' } };
        if (!(error instanceof MillraceError)) throw error;
        const refused = error.details?.['refused'] === true;
        return { error: { class: error.code, message: error.message, ...(refused && { refused }) } };
      }
    },
    [Symbol.asyncDispose]: async () => await session[Symbol.asyncDispose](),
  };
}
