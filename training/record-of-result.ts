import { digestOf } from '#configs/canonical.ts';
import type { Environment } from '#configs/environment.ts';
import type { ModelConfig } from '#configs/model.ts';
import { trainingId, type TrainingParts } from './digest.ts';
import type { Artifact, GateVerdict, Origin, TrainingRecord } from './record.ts';
import type { PartitionRef } from '#features/partitions/partition.ts';
import type { TrainingKey } from './key.ts';
import type { TrainingResult } from './output.ts';
import type { FrameSummary, JobOutput } from './job-types.ts';

export interface TrainingRecordInput {
  readonly input: {
    readonly key: TrainingKey;
    /** Digest of the applied configs. */
    readonly configs: string;
    readonly requested_by: string;
    readonly partitions: readonly PartitionRef[];
    readonly parts?: TrainingParts;
    readonly frame: FrameSummary;
    readonly output: JobOutput;
  };
  readonly model: ModelConfig;
  readonly definition_digest: string;
  readonly result: TrainingResult;
  readonly env: Pick<
    Environment,
    'MILLRACE_TRAINER_DIGEST' | 'MILLRACE_TRAINER_LOCK_DIGEST' | 'MILLRACE_CODE_COMMIT'
  >;
  readonly workflow_id: string;
  readonly run_id: string;
}

/** Converts a job's result to the registry's record and adds what the platform knows about the build. */
export function trainingRecord(from: TrainingRecordInput): TrainingRecord {
  const { key, frame, output, partitions, parts } = from.input;
  const { result, model, env } = from;
  return {
    model: key.model,
    feature_set: key.feature_set,
    training_id: trainingId(key),
    training_digest: key.training_digest,
    as_of: key.as_of,
    requested_by: from.input.requested_by,
    definition_digest: from.definition_digest,
    config_digest: digestOf(model),
    configs: from.input.configs,
    partitions,
    ...(parts && { parts }),
    artifacts: result.artifacts.map(({ name, path, size, sha256 }) => ({
      name,
      key: `${output.prefix}${path}`,
      size,
      sha256,
    })),
    metrics: result.metrics,
    gates: result.gates.map(gateVerdict),
    engine: result.engine,
    cut_off: model.decision.cut_off,
    rows: { ...result.rows, unlabelled: frame.frame.unlabelled },
    waiting_dates: frame.frame.waiting_dates,
    build: {
      trainer_digest: env.MILLRACE_TRAINER_DIGEST,
      lock_digest: env.MILLRACE_TRAINER_LOCK_DIGEST,
      code_commit: env.MILLRACE_CODE_COMMIT,
      seed: model.seed,
      workflow_id: from.workflow_id,
      run_id: from.run_id,
      job_key: output.job_key,
      ...(output.seconds !== undefined && { seconds: output.seconds }),
    },
  };
}

/** Fails, because nobody can check how a model came about that was trained elsewhere. A waiver says why it is used. */
const PROVENANCE: GateVerdict = { gate: 'provenance', value: null, passed: false };

/** The record of a model that was trained elsewhere and evaluated here. `attached`: its other uploaded files. */
export function importRecord(
  from: TrainingRecordInput,
  origin: Origin,
  attached: readonly Artifact[],
): TrainingRecord {
  const record = trainingRecord(from);
  return {
    ...record,
    artifacts: [...record.artifacts, ...attached],
    gates: [...record.gates, PROVENANCE],
    origin,
  };
}

/** Python writes a missing bound as null; the registry omits it. */
function gateVerdict({ gate, value, min, max, passed }: TrainingResult['gates'][number]): GateVerdict {
  return { gate, value, passed, ...(min == null ? {} : { min }), ...(max == null ? {} : { max }) };
}
