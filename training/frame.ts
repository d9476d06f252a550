import type { NamedColumn } from '#catalog/feature-configs.ts';
import type { SourceConfig } from '#configs/source.ts';
import type { TableFindings } from '#features/checks/findings.ts';
import type { EngineRun, InputRelation, TableBuild } from '#features/engines/engine.ts';
import { addDays, partitionDates } from '#features/calendar.ts';
import { buildTable, partitionInput, sourceInput, type BuildDeps } from '#features/partitions/build-table.ts';
import { snapshotSource, type SourceSnapshot } from '#features/partitions/inputs.ts';
import type { InputSnapshot, PartitionManifest } from '#features/partitions/partition.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { TrainingData } from './definitions.ts';
import type { UnlabelledRows } from './job-types.ts';
import { type FrameChoice, planFrame } from './frame-plan.ts';
import { attributeRows, factRows, frameColumns, frameQuery, type FramePlan } from './frame-query.ts';

export interface FrameRequest extends FrameChoice {
  /** What has to be in the sources of label and fairness; by default, whatever is. */
  readonly data?: TrainingData;
  /** Key prefix of the Parquet file, and the name of the attempt for its key. */
  readonly output: { readonly prefix: string; readonly attempt: string };
  readonly heartbeat?: (details: { readonly step: string; readonly share?: number }) => void;
  readonly signal?: AbortSignal;
}

export interface TrainingFrame extends UnlabelledRows {
  readonly key: string;
  readonly uri: string;
  readonly size: number;
  readonly sha256: string;
  readonly rows: number;
  /** Rows whose label is 1. */
  readonly positives: number;
  /** Columns of the entity, `dt`, features by name, `label`, then attributes as `attr_<name>`. */
  readonly columns: readonly NamedColumn[];
  /** State of the label and attribute sources when they were read. */
  readonly inputs: readonly InputSnapshot[];
}

/**
 * Builds one Parquet file to train on, sorted by entity and date, from all partition rows with a label known by the as-of
 * date. The label comes from facts with event time in `[dt, dt + horizon)`: 1 if any of them is 1. Fairness attributes
 * are those known on each row's date, or null. The same inputs give the same bytes.
 * Errors: `LABEL_…`, `FAIRNESS_INVALID`, `TRAINING_FRAME_EMPTY`, `PARTITION_NOT_FOUND`, `PART_DIGEST_MISMATCH`, `SOURCE_…`.
 */
export async function buildTrainingFrame(deps: BuildDeps, request: FrameRequest): Promise<TrainingFrame> {
  const plan = planFrame(request);
  const run: EngineRun = { signal: request.signal, onProgress: request.heartbeat };
  request.heartbeat?.({ step: 'list inputs' });
  const named = [...new Set([plan.label.source, plan.fairness?.source].filter((one) => one !== undefined))];
  const [manifests, sources] = await Promise.all([
    Promise.all(request.partitions.map((ref) => deps.partitions.get(ref))),
    Promise.all(named.map((source) => snapshotSource(deps, source, plan.at))),
  ]);
  assertData(request, plan, sources);
  const table = tableOf(deps, plan, { manifests, sources, output: request.output });
  const result = await buildTable(deps, table, sources, run);
  if (result.outcome === 'refused') throw refusal(request, result.findings);
  const [part, ...more] = result.parts;
  if (part === undefined || more.length > 0)
    throw new TypeError(`The engine wrote the frame as ${result.parts.length} parts instead of one.`);
  const { key, size, sha256, rows } = part;
  return {
    key,
    uri: deps.objects.uri(key),
    size,
    sha256,
    rows,
    positives: result.findings.counts['positives'] ?? 0,
    unlabelled: manifests.reduce((sum, manifest) => sum + manifest.rows, 0) - rows,
    waiting_dates: waitingDates(plan),
    columns: result.schema,
    inputs: sources.map(({ snapshot }) => snapshot),
  };
}

/** The training has the digest of what its requester saw, so it must not be made of anything else. */
function assertData(
  { data, model }: FrameRequest,
  plan: FramePlan,
  sources: readonly SourceSnapshot[],
): void {
  if (data === undefined) return;
  const asked = [
    { source: plan.label.source, digest: data.label },
    ...(plan.fairness === undefined ? [] : [{ source: plan.fairness.source, digest: data.fairness }]),
  ];
  for (const { source, digest } of asked) {
    const found = sources.find((one) => one.source.name === source.name);
    if (found?.snapshot.digest === digest) continue;
    throw new MillraceError(
      'TRAINING_DATA_CHANGED',
      `Files of "${source.name}" that "${model.name}" is trained on have changed since the training was asked for.`,
      { where: source.location, details: { model: model.name, source: source.name } },
    );
  }
}

function waitingDates({ set, dates, at }: FramePlan): number {
  const newest = dates.at(-1)?.dt;
  if (newest === undefined) return 0;
  return partitionDates(set.partition, addDays(newest, 1), at.date).length;
}

interface FrameInputs {
  readonly manifests: readonly PartitionManifest[];
  readonly sources: readonly SourceSnapshot[];
  readonly output: FrameRequest['output'];
}

function relationsOf(
  { objects }: BuildDeps,
  plan: FramePlan,
  { manifests, sources }: FrameInputs,
): InputRelation[] {
  const features = frameColumns(plan).filter(
    ({ name }) => plan.entity.includes(name) || name in plan.set.features,
  );
  const rowsOf = (name: string, source: SourceConfig, rows: string): InputRelation => {
    const snapshot = sources.find((found) => found.source.name === source.name);
    if (snapshot === undefined) throw new TypeError(`The frame has no snapshot of source "${source.name}".`);
    return { name, input: sourceInput(objects, snapshot), rows };
  };
  return [
    ...manifests.map((manifest, index) => ({
      name: `partition__${index}`,
      input: partitionInput(objects, features, manifest),
    })),
    rowsOf('facts', plan.label.source, factRows(plan)),
    ...(plan.fairness === undefined
      ? []
      : [rowsOf('attributes', plan.fairness.source, attributeRows(plan, plan.fairness))]),
  ];
}

function tableOf(deps: BuildDeps, plan: FramePlan, work: FrameInputs): TableBuild {
  return {
    sql: frameQuery(plan),
    relations: relationsOf(deps, plan, work),
    columns: frameColumns(plan),
    sortBy: [...plan.entity, 'dt'],
    checks: [
      // NaN counts as missing, which the next check would let pass.
      { expect_column_values_to_not_be_null: { column: 'label', mostly: 1, severity: 'error' } },
      {
        expect_column_values_to_be_in_set: {
          column: 'label',
          value_set: [0, 1],
          mostly: 1,
          severity: 'error',
        },
      },
    ],
    counts: { positives: 'label = 1', others: 'label <> 0 AND label <> 1' },
    output: { ...work.output, onePart: true },
  };
}

function refusal({ model, asOf, partitions }: FrameRequest, { rows, counts }: TableFindings): MillraceError {
  if (rows === 0)
    return new MillraceError(
      'TRAINING_FRAME_EMPTY',
      `No row of "${model.feature_set}" has a label from "${model.label.source}" known on ${asOf}.`,
      { details: { model: model.name, as_of: asOf, dates: partitions.map(({ dt }) => dt) } },
    );
  const others = model.label.positive === undefined ? 'values other than 0 and 1' : 'NaN';
  return new MillraceError(
    'LABEL_INVALID',
    `Column "${model.label.column}" of "${model.label.source}" holds ${others} in ${counts['others']} rows.`,
    { details: { model: model.name } },
  );
}
