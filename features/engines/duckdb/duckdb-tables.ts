import { join } from 'node:path';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { hasCode } from '#errors/cause.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { downloadVerified } from '#platform/objects/verified-object.ts';
import type { ReadableRelation } from '../../sql/relation.ts';
import type { InputFile, InputRelation } from '../engine.ts';
import { parquet, selectAll } from './duckdb-select.ts';
import type { DuckDbSession, StatementRun } from './duckdb-session.ts';
import { duckDbView } from './duckdb-views.ts';

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

/** Creates the view of a relation, and says what a query can see of it. */
export async function createView(
  session: DuckDbSession,
  relation: FileRelation,
  run: StatementRun,
): Promise<ReadableRelation> {
  const { sql, readable } = duckDbView(relation, selectAll(relation.input, relation.files));
  await session.all(sql, run);
  return readable;
}

/**
 * The error for a damaged file with the URI of that file, which DuckDB's message may lack: the first that cannot be read by
 * itself. Any other error is unchanged.
 */
export async function unreadableFile(
  session: DuckDbSession,
  relations: readonly FileRelation[],
  error: unknown,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  if (!hasCode(error, 'SOURCE_FILE_UNREADABLE')) return error;
  const inputs = relations.filter(({ input }) => input.from.kind === 'source');
  for (const file of new Set(inputs.flatMap(({ files }) => files))) {
    try {
      await session.all(`SELECT MAX(HASH(COLUMNS(*))) FROM ${parquet([file])}`, { signal });
    } catch (found) {
      if (!hasCode(found, 'SOURCE_FILE_UNREADABLE')) throw found;
      const message = `The file ${file} is not a complete Parquet file: its pages cannot be read.`;
      return new MillraceError('SOURCE_FILE_UNREADABLE', message, { where: file, details: { file } });
    }
  }
  return error;
}
