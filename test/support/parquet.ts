import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { withScratchFolder } from '#platform/local-files.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';

/** Writes what a query of DuckDB gives as one Parquet file, as a source's owner would. */
export async function writeParquet(path: string, select: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  await connection.run(`COPY (${select}) TO '${path}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
}

/** The same, put into a bucket. Returns its URI. */
export async function putParquet(objects: ObjectStore, key: string, select: string): Promise<string> {
  return await withScratchFolder(join(tmpdir(), 'millrace-test'), async (folder) => {
    const path = join(folder, 'part.parquet');
    await writeParquet(path, select);
    return (await objects.putFile(key, path)).uri;
  });
}

/** Rows of a local Parquet file, numbers as numbers, dates as text. */
export async function readParquet(path: string, columns = '*'): Promise<unknown[]> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  const rows = (
    await connection.runAndReadAll(`SELECT ${columns} FROM read_parquet('${path}')`)
  ).getRowObjectsJson();
  connection.closeSync();
  instance.closeSync();
  return rows;
}
