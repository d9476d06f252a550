import { join } from 'node:path';
import type { NamedColumn } from '#catalog/feature-configs.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { downloadVerified } from '#platform/objects/verified-object.ts';
import type { FoundColumn, FoundTable } from '../../checks/found-table.ts';
import { assertSourceColumns } from '../../checks/source-columns.ts';
import { INPUT, type InputFile, type InputRelation, type InputTable } from '../engine.ts';
import { DUCKDB_TYPES, foundColumns, name } from './duckdb-columns.ts';
import { sqlFailedAt } from './duckdb-error.ts';
import { absolutePath, quote, type DuckDbSession, type StatementRun } from './duckdb-session.ts';
import { sparkToDuckDb } from './transpile.ts';

/** A relation's files as DuckDB reads them: `s3://` URIs, or local paths. */
export interface FileRelation extends InputRelation {
  readonly files: readonly string[];
}

/** Downloads files with a known SHA-256 to `folder` and verifies them; the others are read in place. */
export async function openRelation(
  { objects, folder }: { readonly objects: ObjectStore; readonly folder: string },
  relation: InputRelation,
  signal: AbortSignal | undefined,
): Promise<FileRelation> {
  const local = async ({ uri, size, sha256 }: InputFile, index: number): Promise<string> => {
    if (sha256 === undefined) return uri;
    signal?.throwIfAborted();
    const path = join(folder, `${relation.name}-${index}.parquet`);
    await downloadVerified(objects, { key: objects.keyOf(uri), size, sha256 }, path, {
      differs: 'PART_DIGEST_MISMATCH',
    });
    return path;
  };
  const opened: string[] = [];
  for (const [index, file] of relation.input.files.entries()) opened.push(await local(file, index));
  return { ...relation, files: opened };
}

/** Throws `SOURCE_COLUMN_MISSING` or `SOURCE_TYPE_DIFFERS`; partitions were checked when they were built. */
export async function assertDeclared(
  session: DuckDbSession,
  { from, columns, files }: InputTable,
  run: StatementRun,
): Promise<void> {
  if (from.kind !== 'source') return;
  const uris = files.map(({ uri }) => uri);
  const found = await foundTable(session, uris, run).catch((error: unknown) => {
    throw sqlFailedAt(from.location, error);
  });
  assertSourceColumns({ ...from, columns }, found);
}

/** The input stands inside the view, so no query can name it. */
export async function createView(
  session: DuckDbSession,
  { name: relation, input, rows, files }: FileRelation,
  run: StatementRun,
): Promise<void> {
  const all = selectAll(input.columns, files);
  const select = rows === undefined ? all : `WITH ${name(INPUT)} AS (${all}) ${sparkToDuckDb(rows)}`;
  await session.all(`CREATE TEMP VIEW ${name(relation)} AS ${select}`, run);
}

/** A SELECT of the files' rows, cast to the columns' types. */
export function selectAll(columns: readonly NamedColumn[], files: readonly string[]): string {
  return `SELECT ${casts(columns)} FROM ${parquet(files)}`;
}

/** A select list that casts each column to its type. */
export function casts(columns: readonly NamedColumn[]): string {
  return columns
    .map((column) => `CAST(${name(column.name)} AS ${DUCKDB_TYPES[column.type]}) AS ${name(column.name)}`)
    .join(', ');
}

export function location(file: string): string {
  return quote(absolutePath(file));
}

function parquet(files: readonly string[]): string {
  return `read_parquet([${files.map(location).join(', ')}], union_by_name = true)`;
}

async function foundTable(
  session: DuckDbSession,
  files: readonly string[],
  run: StatementRun,
): Promise<FoundTable> {
  const columns = foundColumns(await session.all(`DESCRIBE SELECT * FROM ${parquet(files)}`, run));
  // The columns of a single file are all in that file.
  if (files.length === 1) return { columns, lacking: new Map() };
  const footers = await session.all(
    `SELECT file_name, name FROM parquet_schema([${files.map(location).join(', ')}])`,
    run,
  );
  return { columns, lacking: columnsLacking(columns, files, footers.getRowObjectsJson()) };
}

function columnsLacking(
  columns: readonly FoundColumn[],
  files: readonly string[],
  footers: readonly Record<string, unknown>[],
): Map<string, string[]> {
  const has = new Set(footers.map((row) => JSON.stringify([row['file_name'], row['name']])));
  const lacking = new Map<string, string[]>();
  for (const { name: column } of columns) {
    // A column may also come from the path, as in `…/month=2005-09/part.parquet`.
    const without = files.filter(
      (file) => !has.has(JSON.stringify([absolutePath(file), column])) && !file.includes(`/${column}=`),
    );
    if (without.length > 0) lacking.set(column, without);
  }
  return lacking;
}
