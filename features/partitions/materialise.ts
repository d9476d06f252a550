import { entityColumns } from '#configs/entity.ts';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { type FeatureConfigs, featureSetNamed } from '#catalog/feature-configs.ts';
import { definitionDigest } from '../definition.ts';
import type { BuiltTable, EngineRun, InputRelation } from '../engines/engine.ts';
import { compileQuery } from '../query/compile-service.ts';
import type { FeatureQuery, QueryRelation } from '../query/feature-query.ts';
import { withPlace } from '../query/sql-place.ts';
import { assertBegun, assertPartitionDate } from './assert-date.ts';
import { buildTable, partitionInput, sourceInput, type BuildDeps } from './build-table.ts';
import { contentDigest, type Inputs, snapshotInputs, snapshotsOf } from './inputs.ts';
import { partitionRefusal } from './partition-refusal.ts';
import {
  partitionPrefix,
  refusedPrefix,
  rowsOf,
  type PartitionManifest,
  type PartitionRef,
} from './partition.ts';

export interface MaterialiseRequest {
  readonly ref: PartitionRef;
  readonly configs: FeatureConfigs;
  readonly builtBy: PartitionManifest['built_by'];
  /** Identifies the attempt in part names; need not be unique. */
  readonly attempt: string;
  /** Called with the current step, at least once a second while the engine works. */
  readonly heartbeat?: (details: { readonly step: string; readonly share?: number }) => void;
  readonly signal?: AbortSignal;
}

/**
 * Builds the data files of one partition and returns the manifest for `PartitionStore.commit`. Nothing is visible before
 * the commit, so a failure leaves no partition. A date is refused
 * with `DATE_IN_FUTURE` until it has begun, when everything that it may use is known. Errors: those of `compileQuery`, of the engine and of the stores, `SOURCE_…`, `PARTITION_…`, `FEATURE_TYPE_DIFFERS`, `CHECK_FAILED` (with the results in `details`).
 */
export async function materialisePartition(
  deps: BuildDeps,
  request: MaterialiseRequest,
): Promise<PartitionManifest> {
  const { ref, configs, signal, heartbeat } = request;
  const set = featureSetNamed(configs, ref.feature_set);
  assertBuildable(ref, set, configs);
  const started = performance.now();
  const query = await compileQuery(configs, { set: set.name, dt: ref.dt });
  heartbeat?.({ step: 'list inputs' });
  const inputs = await snapshotInputs(deps, set, configs, ref.dt);
  const { parts, schema, findings, statistics, engine } = await build(
    deps,
    request,
    { set, query, inputs },
    {
      signal,
      onProgress: heartbeat,
    },
  );
  const same_rows_as = await sameRowsAs(deps, { ...ref, parts });
  return {
    feature_set: ref.feature_set,
    definition_digest: ref.definition_digest,
    dt: ref.dt,
    revision: ref.revision,
    parts,
    rows: findings.rows,
    schema,
    inputs: snapshotsOf(inputs),
    checks: findings.checks,
    statistics,
    lineage: query.lineage,
    engine,
    ...(same_rows_as !== undefined && { same_rows_as }),
    built_by: request.builtBy,
    built_at: new Date().toISOString(),
    build_seconds: Math.round(performance.now() - started) / 1_000,
  };
}

function assertBuildable(ref: PartitionRef, set: FeatureSetConfig, configs: FeatureConfigs): void {
  const definition = definitionDigest(set, configs);
  if (definition !== ref.definition_digest)
    throw new MillraceError(
      'PARTITION_DEFINITION_DIFFERS',
      `"${set.name}" has definition ${definition}; a partition of ${ref.definition_digest} was asked for.`,
      { details: { ...ref, definition_digest_now: definition } },
    );
  assertBegun(set, ref.dt, new Date());
  assertPartitionDate(set, ref.dt);
}

async function sameRowsAs(
  { partitions }: BuildDeps,
  built: PartitionRef & Pick<PartitionManifest, 'parts'>,
): Promise<number | undefined> {
  if (built.revision === 1) return undefined;
  const { feature_set, definition_digest, dt } = built;
  const before = await partitions.newest(feature_set, definition_digest, dt);
  if (before === undefined || contentDigest(before) !== contentDigest(built)) return undefined;
  return rowsOf(before).revision;
}

interface Work {
  readonly set: FeatureSetConfig;
  readonly query: FeatureQuery;
  readonly inputs: Inputs;
}

async function build(
  deps: BuildDeps,
  { ref, attempt }: MaterialiseRequest,
  { set, query, inputs }: Work,
  run: EngineRun,
): Promise<BuiltTable> {
  const table = {
    sql: query.sql,
    relations: query.relations.map((read) => relationOf(deps, read, inputs)),
    columns: query.columns,
    sortBy: entityColumns(set),
    uniqueBy: entityColumns(set),
    checks: set.checks,
    output: { prefix: partitionPrefix(ref), refusedPrefix: refusedPrefix(ref), attempt },
  };
  const result = await buildTable(deps, table, inputs.sources, run).catch((error: unknown) => {
    throw withPlace(error, query.rendered);
  });
  if (result.outcome === 'refused') {
    const uris = result.parts.map(({ key }) => deps.objects.uri(key));
    throw partitionRefusal(set, { dt: ref.dt, columns: query.columns, uris }, result.findings);
  }
  return result;
}

function relationOf(
  { objects }: BuildDeps,
  { name, kind, of, columns, rows, keys }: QueryRelation,
  { sources, upstream }: Inputs,
): InputRelation {
  const source = sources.find((found) => kind === 'source' && found.source.name === of);
  if (source !== undefined) return { name, input: sourceInput(objects, source), keys, ...(rows && { rows }) };
  const partition = upstream.find(({ manifest }) => kind === 'partition' && manifest.feature_set === of);
  if (partition !== undefined)
    return { name, keys, input: partitionInput(objects, columns, partition.manifest) };
  throw new TypeError(`The query reads ${kind} "${of}", which is not among its inputs.`);
}
