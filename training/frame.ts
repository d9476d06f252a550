import { join } from 'node:path';
import type { ModelConfig } from '#configs/model.ts';
import type { SourceConfig } from '#configs/source.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { withScratchFolder } from '#platform/local-files.ts';
import { labelEnd } from '#features/calendar.ts';
import type { EngineRun, EngineTable, FeatureEngine } from '#features/engines/engine.ts';
import {
  type FeatureConfigs,
  featureSetNamed,
  type NamedColumn,
  sourceNamed,
} from '#catalog/feature-configs.ts';
import { frameColumns, frameQuery, type FramePlan } from './frame-query.ts';
import { type InputStores, type SourceSnapshot, snapshotSource } from '#features/partitions/inputs.ts';
import { fetchPart } from '#features/partitions/part-files.ts';
import type { InputSnapshot, PartitionManifest, PartitionRef } from '#features/partitions/partition.ts';
import { assertSourceColumns } from '#features/checks/source-columns.ts';

export interface FrameDeps extends InputStores {
  readonly engine: FeatureEngine;
  /** Local folder for files on their way, inside the folder that the engine may read and write. */
  readonly scratch: string;
}

export interface FrameRequest {
  readonly model: ModelConfig;
  readonly configs: FeatureConfigs;
  /** Committed partitions of the model's feature set, one per date. */
  readonly partitions: readonly PartitionRef[];
  /** Nothing known after this date enters: neither labels nor attributes. `YYYY-MM-DD`. */
  readonly asOf: string;
  /** Key of the Parquet file to write; written over, so name it by the attempt. */
  readonly outputKey: string;
  readonly heartbeat?: (details: { readonly step: string; readonly share?: number }) => void;
  readonly signal?: AbortSignal;
}

export interface TrainingFrame {
  readonly key: string;
  readonly uri: string;
  readonly size: number;
  readonly sha256: string;
  readonly rows: number;
  /** Rows whose label is 1. */
  readonly positives: number;
  /** Entity, `dt`, features by name, `label`, then attributes as `attr_<name>`. */
  readonly columns: readonly NamedColumn[];
  /** Sources of label and attributes as they were read. */
  readonly inputs: readonly InputSnapshot[];
}

/**
 * One Parquet file to train from, sorted by entity and date: every row of the partitions that has a label known by the as-of
 * date. The label is the fact whose event time lies in `[dt, dt + horizon)`: 1 when any such fact is 1. Attributes for fairness
 * are those known at the as-of date, null where nothing is. The same inputs give the same bytes.
 * Errors: `LABEL_…`, `FAIRNESS_INVALID`, `TRAINING_FRAME_EMPTY`, `PARTITION_NOT_FOUND`, `PART_DIGEST_MISMATCH`, `SOURCE_…`.
 */
export async function buildTrainingFrame(deps: FrameDeps, request: FrameRequest): Promise<TrainingFrame> {
  const plan = planFrame(request);
  const tell = request.heartbeat ?? (() => undefined);
  const run: EngineRun = {
    signal: request.signal,
    onProgress: (share) => tell({ step: 'run query', ...(share === undefined ? {} : { share }) }),
  };
  tell({ step: 'list inputs' });
  const manifests = await Promise.all(request.partitions.map(async (ref) => await deps.partitions.get(ref)));
  const names = [...new Set([plan.label.source, plan.fairness?.source].filter((name) => name !== undefined))];
  const sources = await Promise.all(names.map(async (source) => await snapshotSource(deps.objects, source)));
  return await withScratchFolder(deps.scratch, async (folder) => {
    const tables = [
      ...(await partitionTables(deps, plan, manifests, folder)),
      ...(await sourceTables(deps, sources, run)),
    ];
    const columns = frameColumns(plan);
    const path = join(folder, 'frame.parquet');
    const sortBy = [plan.entity, 'dt'];
    const { rows } = await deps.engine.write(
      { sql: frameQuery(plan), tables },
      { columns, sortBy, path },
      run,
    );
    const positives = await assertLabels(
      deps.engine,
      request,
      rows,
      { name: 'frame', files: [path], columns },
      run,
    );
    tell({ step: 'upload' });
    request.signal?.throwIfAborted();
    const { key, uri, size, sha256 } = await deps.objects.putFile(
      request.outputKey,
      path,
      'application/vnd.apache.parquet',
    );
    return {
      key,
      uri,
      size,
      sha256,
      rows,
      positives,
      columns,
      inputs: sources.map(({ snapshot }) => snapshot),
    };
  });
}

function planFrame({ model, configs, partitions, asOf }: FrameRequest): FramePlan {
  const set = featureSetNamed(configs, model.feature_set);
  const { horizon, column } = model.label;
  const label = sourceNamed(configs, model.label.source);
  for (const name of [set.entity, column, label.event_time])
    if (name === undefined || label.columns[name] === undefined)
      throw new MillraceError(
        'LABEL_INVALID',
        `Source "${label.name}" has no ${name === undefined ? 'event time' : `column "${name}"`} to label "${set.name}" with.`,
        { details: { model: model.name, source: label.name, entity: set.entity } },
      );
  for (const { dt } of partitions)
    if (labelEnd(dt, horizon) > asOf)
      throw new MillraceError(
        'LABEL_NOT_MATURE',
        `Labels of ${dt} are complete on ${labelEnd(dt, horizon)}; the training is as of ${asOf}.`,
        { details: { model: model.name, dt, horizon, as_of: asOf } },
      );
  const fairness = model.fairness === undefined ? undefined : sourceNamed(configs, model.fairness.source);
  const attributes = model.fairness?.attributes ?? [];
  for (const name of fairness === undefined ? [] : [set.entity, ...attributes])
    if (fairness?.columns[name] === undefined)
      throw new MillraceError('FAIRNESS_INVALID', `Source "${fairness?.name}" has no column "${name}".`, {
        details: { model: model.name, column: name },
      });
  return {
    set,
    configs,
    entity: set.entity,
    asOf,
    dates: partitions.map(({ dt }) => ({ dt, labelEnd: labelEnd(dt, horizon) })),
    label: { source: label, column },
    ...(fairness === undefined ? {} : { fairness: { source: fairness, attributes } }),
  };
}

async function partitionTables(
  { objects }: FrameDeps,
  plan: FramePlan,
  manifests: readonly PartitionManifest[],
  folder: string,
): Promise<EngineTable[]> {
  const columns = frameColumns(plan).filter(({ name }) => name === plan.entity || name in plan.set.features);
  return await Promise.all(
    manifests.map(async ({ parts }, index): Promise<EngineTable> => {
      const files = parts.map((_, part) => join(folder, `partition-${index}-${part}.parquet`));
      for (const [part, file] of files.entries()) {
        const named = parts[part];
        if (named !== undefined) await fetchPart(objects, named, file);
      }
      return { name: `partition__${index}`, files, columns };
    }),
  );
}

async function sourceTables(
  { engine, objects }: FrameDeps,
  sources: readonly SourceSnapshot[],
  run: EngineRun,
): Promise<EngineTable[]> {
  return await Promise.all(
    sources.map(async ({ source, files }): Promise<EngineTable> => {
      const uris = files.map((key) => objects.uri(key));
      assertSourceColumns(source, await engine.inspect(uris, run));
      return { name: `raw__${source.name}`, files: uris, columns: columnsOf(source) };
    }),
  );
}

function columnsOf({ columns }: SourceConfig): NamedColumn[] {
  return Object.entries(columns).map(([name, type]) => ({ name, type }));
}

/** Returns the number of positive labels. */
async function assertLabels(
  engine: FeatureEngine,
  { model, asOf, partitions }: FrameRequest,
  rows: number,
  frame: EngineTable,
  run: EngineRun,
): Promise<number> {
  if (rows === 0)
    throw new MillraceError(
      'TRAINING_FRAME_EMPTY',
      `No row of "${model.feature_set}" has a label from "${model.label.source}" known on ${asOf}.`,
      { details: { model: model.name, as_of: asOf, dates: partitions.map(({ dt }) => dt) } },
    );
  const sql =
    'SELECT COUNT(CASE WHEN label = 1 THEN 1 END) AS positives, COUNT(CASE WHEN label <> 0 AND label <> 1 THEN 1 END) AS others FROM frame';
  const [counts = {}] = await engine.rows({ sql, tables: [frame] }, run);
  if (counts['others'] !== 0)
    throw new MillraceError(
      'LABEL_INVALID',
      `Column "${model.label.column}" of "${model.label.source}" holds values other than 0 and 1 in ${counts['others']} rows.`,
      { details: { model: model.name } },
    );
  return Number(counts['positives']);
}
