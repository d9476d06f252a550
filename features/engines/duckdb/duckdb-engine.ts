import { join } from 'node:path';
import { version } from '@duckdb/node-api';
import type { Environment } from '#configs/environment.ts';
import { withScratchFolder } from '#platform/local-files.ts';
import { causes } from '#errors/cause.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { removeStrays } from '#platform/objects/remove-strays.ts';
import { isAcceptable, type TableFindings } from '../../checks/findings.ts';
import { assertOutputColumns } from '../../checks/output-columns.ts';
import { partKey } from '../part-key.ts';
import type { PartFile } from '../../partitions/partition.ts';
import type { EngineRun, FeatureEngine, TableBuild } from '../engine.ts';
import { compileSql, outputColumns } from '../../query/compile-sql.ts';
import type { ReadableRelation } from '../../sql/relation.ts';
import { diskFull } from './duckdb-error.ts';
import { duckDbFindings } from './duckdb-findings.ts';
import { openDuckDb, type DuckDbSession, type StatementRun } from './duckdb-session.ts';
import { location, tableSelect } from './duckdb-select.ts';
import { duckDbStatistics } from './duckdb-statistics.ts';
import { createView, openRelation, type FileRelation, unreadableFile } from './duckdb-tables.ts';

export interface DuckDbEngineOptions {
  readonly env: Environment;
  /** Store of inputs and parts. */
  readonly objects: ObjectStore;
  /** Local folder for files of running builds and for spilling. */
  readonly folder: string;
  /**
   * Threads per query. With more than one, the order of floating-point additions differs from run to run, and so do the
   * last bits of a sum and the file's digest.
   * @default 1
   */
  readonly threads?: number;
}

/** A feature engine for one machine. Each build has a DuckDB and a memory limit of its own, and writes one part. */
export function createDuckDbEngine({
  env,
  objects,
  folder: root,
  threads,
}: DuckDbEngineOptions): FeatureEngine {
  return {
    async build(build, run = {}) {
      return await onDisk(root, async (folder) => {
        const path = join(folder, 'part.parquet');
        run.onProgress?.({ step: 'read inputs' });
        const relations = await openRelations({ objects, folder }, build, run);
        const files = [path, ...relations.flatMap((relation) => relation.files)];
        await using session = await openDuckDb({ env, folder, files, ...(threads && { threads }) });
        const readable = await createRelations(session, relations, run);
        const rows = await writeRows(session, build, { path, readable }, run).catch(
          async (error: unknown) => {
            throw await unreadableFile(session, relations, error, run.signal);
          },
        );
        run.onProgress?.({ step: 'check' });
        const findings = await duckDbFindings(session, build, [path], run.signal);
        if (!isAcceptable(findings)) {
          const refused = { objects, build, path, findings };
          return { outcome: 'refused', findings, parts: await keptForPeople(refused, run.signal) };
        }
        const statistics = await duckDbStatistics(session, build, path, run.signal);
        run.onProgress?.({ step: 'upload' });
        run.signal?.throwIfAborted();
        const key = partKey(build.output.prefix, 0, build.output.attempt, new Date().toISOString());
        const part = await uploadPart(objects, { key, path, rows }, run.signal);
        return {
          outcome: 'built',
          parts: [part],
          schema: build.columns,
          findings,
          statistics,
          engine: `duckdb ${version()}`,
        };
      });
    },
  };
}

/** Lends a folder for the time of `work`. A disk that is full is `ENGINE_DISK_FULL`, whatever wanted to write. */
async function onDisk<T>(root: string, work: (folder: string) => Promise<T>): Promise<T> {
  try {
    return await withScratchFolder(root, work);
  } catch (error) {
    throw [...causes(error)].some((cause) => 'code' in cause && cause.code === 'ENOSPC') ? diskFull() : error;
  }
}

async function openRelations(
  place: { readonly objects: ObjectStore; readonly folder: string },
  { relations }: TableBuild,
  { signal }: EngineRun,
): Promise<FileRelation[]> {
  return await Promise.all(relations.map(async (relation) => await openRelation(place, relation, signal)));
}

async function createRelations(
  session: DuckDbSession,
  relations: readonly FileRelation[],
  { signal }: EngineRun,
): Promise<ReadableRelation[]> {
  const readable: ReadableRelation[] = [];
  for (const relation of relations) readable.push(await createView(session, relation, { signal }));
  return readable;
}

/** Writes the query's rows to a local file and returns the row count. */
async function writeRows(
  session: DuckDbSession,
  { sql, columns, sortBy }: TableBuild,
  { path, readable }: { readonly path: string; readonly readable: readonly ReadableRelation[] },
  { signal, onProgress }: EngineRun,
): Promise<number> {
  const run: StatementRun = {
    signal,
    onShare: (share) => onProgress?.({ step: 'run query', ...(share === undefined ? {} : { share }) }),
  };
  onProgress?.({ step: 'run query' });
  const query = compileSql(sql, readable);
  assertOutputColumns(columns, outputColumns(query));
  const copied = await session.all(
    `COPY (${tableSelect(query.duckdb, { columns, sortBy })}) TO ${location(path)} (FORMAT parquet, COMPRESSION zstd)`,
    run,
  );
  return Number(copied.getRowsJson()[0]?.[0] ?? 0);
}

/** Uploads the rows of a refused table, if there are some and the build says where to. */
async function keptForPeople(
  {
    objects,
    build: { output },
    path,
    findings: { rows },
  }: {
    readonly objects: ObjectStore;
    readonly build: TableBuild;
    readonly path: string;
    readonly findings: TableFindings;
  },
  signal: AbortSignal | undefined,
): Promise<PartFile[]> {
  if (output.refusedPrefix === undefined || rows === 0) return [];
  const key = partKey(output.refusedPrefix, 0, output.attempt, new Date().toISOString());
  return [await uploadPart(objects, { key, path, rows }, signal)];
}

async function uploadPart(
  objects: ObjectStore,
  { key, path, rows }: { readonly key: string; readonly path: string; readonly rows: number },
  signal: AbortSignal | undefined,
): Promise<PartFile> {
  try {
    const { size, sha256 } = await objects.putFile(key, path, 'application/vnd.apache.parquet');
    signal?.throwIfAborted();
    return { key, size, sha256, rows };
  } catch (error) {
    // The part may exist although the upload failed: an answer can be lost.
    await removeStrays(objects, [key]);
    throw error;
  }
}
