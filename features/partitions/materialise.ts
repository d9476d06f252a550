import { join } from 'node:path';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { withScratchFolder } from '#platform/local-files.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { isPartitionDate } from '../calendar.ts';
import { CHECKED_TABLE, checkQuery, checkResults, entityFigures } from '../checks/checks.ts';
import { definitionDigest } from '../definition.ts';
import type { EngineRun, EngineTable, FeatureEngine } from '../engines/engine.ts';
import { type FeatureConfigs, featureSetNamed } from '#catalog/feature-configs.ts';
import { featureQuery, type FeatureQuery } from '../query/feature-query.ts';
import { type Inputs, type InputStores, snapshotInputs, snapshotSource, snapshotsOf } from './inputs.ts';
import { fetchPart, partKey } from './part-files.ts';
import type { CheckResult, PartitionManifest, PartitionRef } from './partition.ts';
import { assertQueryColumns } from '../checks/output-columns.ts';
import { assertSourceColumns } from '../checks/source-columns.ts';
import { withPlace } from '../query/sql-place.ts';

export interface MaterialiseDeps extends InputStores {
  readonly engine: FeatureEngine;
  /** Local folder for files on their way, inside the folder that the engine may read and write. */
  readonly scratch: string;
}

export interface MaterialiseRequest {
  readonly ref: PartitionRef;
  readonly configs: FeatureConfigs;
  readonly builtBy: PartitionManifest['built_by'];
  /** Names the attempt in part names; need not be unique. */
  readonly attempt: string;
  /** Told what is being done, at least once a second while the engine works. */
  readonly heartbeat?: (details: { readonly step: string; readonly share?: number }) => void;
  readonly signal?: AbortSignal;
}

/**
 * Builds one partition as far as its data files and returns the manifest, to be committed by `PartitionStore.commit`. Until
 * then nothing is visible: whatever is thrown, no partition has come to be. Errors: those of `featureQuery`, of the engine,
 * of the stores, `SOURCE_…`, `PARTITION_…`, `FEATURE_TYPE_DIFFERS`, `CHECK_FAILED` (with the results in `details`).
 */
export async function materialisePartition(
  deps: MaterialiseDeps,
  request: MaterialiseRequest,
): Promise<PartitionManifest> {
  const { ref, configs, signal } = request;
  const tell = request.heartbeat ?? (() => undefined);
  const set = featureSetNamed(configs, ref.feature_set);
  assertBuildable(ref, set, configs);
  const query = featureQuery(set, configs, ref.dt);
  tell({ step: 'list inputs' });
  const inputs = await snapshotInputs(deps, set, configs, ref.dt);
  return await withScratchFolder(deps.scratch, async (folder) => {
    const run: EngineRun = {
      signal,
      onProgress: (share) => tell({ step: 'run query', ...(share === undefined ? {} : { share }) }),
    };
    await assertSources(deps, inputs, run);
    const tables = await engineTables(deps, query, inputs, folder);
    const path = join(folder, 'partition.parquet');
    const rows = await runQuery(deps.engine, { query, tables, path, entity: set.entity }, run);
    if (rows === 0)
      throw new MillraceError('PARTITION_EMPTY', `"${set.name}" has no rows at ${ref.dt}.`, {
        where: set.sql,
        details: { feature_set: set.name, dt: ref.dt },
      });
    tell({ step: 'check' });
    const checks = await runChecks(deps.engine, set, query, path, run);
    await assertUnchanged(deps.objects, inputs);
    tell({ step: 'upload' });
    signal?.throwIfAborted();
    const built_at = new Date().toISOString();
    const key = partKey(ref, 0, request.attempt, built_at);
    const { size, sha256 } = await deps.objects.putFile(key, path, 'application/vnd.apache.parquet');
    return {
      feature_set: ref.feature_set,
      definition_digest: ref.definition_digest,
      dt: ref.dt,
      revision: ref.revision,
      parts: [{ key, size, sha256, rows }],
      rows,
      schema: query.columns,
      inputs: snapshotsOf(inputs),
      checks,
      lineage: query.lineage,
      engine: deps.engine.name,
      built_by: request.builtBy,
      built_at,
    };
  });
}

function assertBuildable(ref: PartitionRef, set: FeatureSetConfig, configs: FeatureConfigs): void {
  const definition = definitionDigest(set, configs);
  if (definition !== ref.definition_digest)
    throw new MillraceError(
      'PARTITION_DEFINITION_DIFFERS',
      `"${set.name}" has definition ${definition}; a partition of ${ref.definition_digest} was asked for.`,
      { details: { ...ref, definition_digest_now: definition } },
    );
  if (!isPartitionDate(set.partition, ref.dt))
    throw new MillraceError('PARTITION_DATE_INVALID', `"${set.name}" has no partition at ${ref.dt}.`, {
      details: { dt: ref.dt, partition: set.partition },
    });
}

async function assertSources(
  { engine, objects }: MaterialiseDeps,
  { sources }: Inputs,
  run: EngineRun,
): Promise<void> {
  for (const { source, files } of sources) {
    const uris = files.map((key) => objects.uri(key));
    assertSourceColumns(source, await engine.inspect(uris, run));
  }
}

/** Sources are read where they lie; partitions are fetched, so that their digests are known to hold. */
async function engineTables(
  deps: MaterialiseDeps,
  { tables }: FeatureQuery,
  inputs: Inputs,
  folder: string,
): Promise<EngineTable[]> {
  return await Promise.all(
    tables.map(async ({ name, kind, of, columns }): Promise<EngineTable> => {
      if (kind === 'source') {
        const found = inputs.sources.find(({ source }) => source.name === of);
        return { name, columns, files: (found?.files ?? []).map((key) => deps.objects.uri(key)) };
      }
      const parts = inputs.upstream.find(({ manifest }) => manifest.feature_set === of)?.manifest.parts ?? [];
      const files = parts.map((_, index) => join(folder, `${name}-${index}.parquet`));
      for (const [index, part] of parts.entries()) await fetchPart(deps.objects, part, files[index] ?? '');
      return { name, columns, files };
    }),
  );
}

async function runQuery(
  engine: FeatureEngine,
  work: { query: FeatureQuery; tables: readonly EngineTable[]; path: string; entity: string },
  run: EngineRun,
): Promise<number> {
  const { query, tables, path, entity } = work;
  try {
    assertQueryColumns(query, await engine.describe({ sql: query.sql, tables }, run));
    const output = { columns: query.columns, sortBy: [entity], path };
    return (await engine.write({ sql: query.sql, tables }, output, run)).rows;
  } catch (error) {
    throw withPlace(error, query.rendered);
  }
}

async function runChecks(
  engine: FeatureEngine,
  set: FeatureSetConfig,
  { columns, rendered }: FeatureQuery,
  path: string,
  run: EngineRun,
): Promise<CheckResult[]> {
  const tables = [{ name: CHECKED_TABLE, files: [path], columns }];
  const [row = {}] = await engine.rows({ sql: checkQuery(set.checks, set.entity), tables }, run);
  const { withoutEntity, repeatedEntities } = entityFigures(row);
  if (withoutEntity + repeatedEntities > 0)
    throw new MillraceError(
      'PARTITION_ENTITY_INVALID',
      `Of the rows of "${set.name}", ${withoutEntity} have no ${set.entity} and ${repeatedEntities} repeat one.`,
      { where: rendered.file, details: { entity: set.entity, withoutEntity, repeatedEntities } },
    );
  const results = checkResults(set.checks, row);
  const failed = results.filter(({ success, severity }) => !success && severity === 'error');
  if (failed.length > 0)
    throw new MillraceError(
      'CHECK_FAILED',
      `${failed.length} of ${results.length} checks of "${set.name}" failed: ${failed.map(describeCheck).join('; ')}.`,
      { details: { results } },
    );
  return results;
}

function describeCheck({ expectation, column, observed }: CheckResult): string {
  return `${expectation}${column === undefined ? '' : ` (${column})`} observed ${observed ?? 'nothing'}`;
}

async function assertUnchanged(objects: ObjectStore, { sources }: Inputs): Promise<void> {
  for (const { source, snapshot } of sources)
    if ((await snapshotSource(objects, source)).snapshot.digest !== snapshot.digest)
      throw new MillraceError('SOURCE_CHANGED', `Files of "${source.name}" changed during the build.`, {
        where: source.location,
        details: { source: source.name },
      });
}
