import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { DuckDBInstance } from '@duckdb/node-api';
import type { PartFile } from '#features/partitions/partition.ts';
import { withScratchFolder } from '#platform/local-files.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';

/** Puts the rows of a DuckDB query as one Parquet part. */
export async function putParquet(objects: ObjectStore, key: string, query: string): Promise<PartFile> {
  return withScratchFolder(tmpdir(), async (folder) => {
    const path = join(folder, 'part.parquet');
    const database = await DuckDBInstance.create(':memory:', { threads: '1' });
    try {
      const connection = await database.connect();
      await connection.run(`COPY (${query}) TO '${path}' (FORMAT parquet)`);
      const counted = await connection.runAndReadAll(`SELECT count(*)::INTEGER FROM read_parquet('${path}')`);
      const { size, sha256 } = await objects.putFile(key, path);
      return { key, size, sha256, rows: Number(counted.getRows()[0]?.[0]) };
    } finally {
      database.closeSync();
    }
  });
}

/** Rows of Parquet objects in file order, as JSON values. */
export async function readParquet(
  objects: ObjectStore,
  keys: readonly string[],
): Promise<readonly Record<string, unknown>[]> {
  return withScratchFolder(tmpdir(), async (folder) => {
    const database = await DuckDBInstance.create(':memory:', { threads: '1' });
    try {
      const connection = await database.connect();
      const rows: Record<string, unknown>[] = [];
      for (const [nth, key] of keys.entries()) {
        const path = join(folder, `${nth}.parquet`);
        await objects.getFile(key, path);
        const found = await connection.runAndReadAll(`SELECT * FROM read_parquet('${path}')`);
        rows.push(...found.getRowObjectsJson());
      }
      return rows;
    } finally {
      database.closeSync();
    }
  });
}
