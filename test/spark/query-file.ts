import { readFile } from 'node:fs/promises';
import type { ComparedQuery } from './run-case.ts';

/**
 * Queries of a file, one a line. `<Spark SQL> ||| <DuckDB SQL>` compares two texts without the translation. Blank lines and
 * lines that begin with `--` count for nothing.
 */
export async function queriesOf(path: string): Promise<readonly ComparedQuery[]> {
  const lines = (await readFile(path, 'utf8')).split('\n');
  return lines.flatMap((line, index) => {
    if (line.trim() === '' || line.startsWith('--')) return [];
    const [sql = '', duckdb] = line.split('|||').map((part) => part.trim());
    return [{ name: `line ${String(index + 1)}`, sql, ...(duckdb === undefined ? {} : { duckdb }) }];
  });
}
