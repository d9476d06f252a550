import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { SparkType } from '../encoded.ts';
import type { Table } from './tables.ts';

/** Writes each table as one Parquet file, which both engines read. Returns the paths by table. */
export async function writeTables(
  tables: readonly Table[],
  folder: string,
): Promise<Readonly<Record<string, string>>> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    await connection.run("SET TimeZone = 'UTC'");
    const paths: Record<string, string> = {};
    for (const { name, columns, rows } of tables) {
      const path = join(folder, `${name}.parquet`);
      const types = columns.map((of) => duckDbType(of.type));
      const definitions = columns.map((of, index) => `"${of.name}" ${types[index] ?? ''}`);
      await connection.run(`CREATE TABLE "${name}" (${definitions.join(', ')})`);
      const literal = (row: readonly string[]): string =>
        `(${row.map((value, index) => `CAST(${value} AS ${types[index] ?? ''})`).join(', ')})`;
      if (rows.length > 0)
        await connection.run(`INSERT INTO "${name}" VALUES ${rows.map(literal).join(', ')}`);
      await connection.run(`COPY "${name}" TO '${path}' (FORMAT parquet)`);
      paths[name] = path;
    }
    return paths;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

const NAMES: Readonly<Record<string, string>> = {
  string: 'VARCHAR',
  binary: 'BLOB',
  timestamp: 'TIMESTAMPTZ',
  timestamp_ntz: 'TIMESTAMP',
};

function duckDbType(type: SparkType): string {
  if (typeof type === 'string') return NAMES[type] ?? type;
  if ('array' in type) return `${duckDbType(type.array)}[]`;
  if ('map' in type) return `MAP(${type.map.map(duckDbType).join(', ')})`;
  return `STRUCT(${type.struct.map(([name, of]) => `"${name}" ${duckDbType(of)}`).join(', ')})`;
}
