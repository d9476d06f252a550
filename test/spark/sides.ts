import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TABLES, type Table } from './data/tables.ts';
import { writeTables } from './data/write-tables.ts';
import { openDuckDbSide } from './duckdb-side.ts';
import { openLastingSpark } from './lasting-spark.ts';
import type { Sides } from './run-case.ts';
import { openSpark } from './spark-oracle.ts';
import { translate } from './translate.ts';

/** Both engines with the same tables, by default the generated ones. `compiled`: Spark generates code, as it does by default. */
export async function openSides({
  tables = TABLES,
  compiled = false,
}: { readonly tables?: readonly Table[]; readonly compiled?: boolean } = {}): Promise<
  Sides & AsyncDisposable
> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'millrace-parity-'));
  stack.defer(async () => await rm(folder, { recursive: true, force: true }));
  const starting = openSpark({ compiled });
  const paths = await writeTables(tables, folder);
  const spark = stack.use(await openLastingSpark({ compiled }, paths, starting));
  const duckdb = stack.use(await openDuckDbSide(folder, tables, paths));
  const owned = stack.move();
  return {
    spark,
    duckdb,
    tables,
    translate,
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}
