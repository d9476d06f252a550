import { readEnvironment } from '#configs/environment.ts';
import { duckDbSessions } from '#features/engines/duckdb/duckdb-session.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { Outcome } from './encoded.ts';
import { encodeDuckDb, typeOfDuckDb } from './encode-duckdb.ts';

/** DuckDB as the platform runs it: one thread, UTC, the session's own settings and macros. */
export interface DuckDbSide extends AsyncDisposable {
  register(tables: Readonly<Record<string, string>>): Promise<void>;
  run(sql: string): Promise<Outcome>;
}

/** `folder` holds the Parquet files; nothing else can be read. */
export async function openDuckDb(folder: string): Promise<DuckDbSide> {
  const env = readEnvironment({ MILLRACE_DUCKDB_MEMORY: '1GB' });
  const session = await duckDbSessions({ env, bucket: 'none', folder })();
  return {
    async register(tables) {
      for (const [name, path] of Object.entries(tables))
        await session.all(`CREATE OR REPLACE TEMP VIEW "${name}" AS SELECT * FROM read_parquet('${path}')`);
    },
    async run(sql) {
      try {
        const reader = await session.all(sql);
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
        if (!(error instanceof MillraceError)) throw error;
        return { error: { class: error.code, message: error.message } };
      }
    },
    [Symbol.asyncDispose]: async () => await session[Symbol.asyncDispose](),
  };
}
