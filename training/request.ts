import type { Environment } from '#configs/environment.ts';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import type { ModelConfig } from '#configs/model.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { labelDates } from '#features/calendar.ts';
import { definitionDigest } from '#features/definition.ts';
import type { FeatureConfigs } from '#catalog/feature-configs.ts';
import { newestOrFirst } from '#features/partitions/newest-or-first.ts';
import type { PartitionRef } from '#features/partitions/partition.ts';
import type { PartitionStore } from '#features/partitions/partition-store.ts';
import type { Pair } from '#configs/pair.ts';
import type { UploadFile } from './upload.ts';
import {
  importDigest,
  trainingDigest,
  trainingParts,
  type TrainingInputs,
  type TrainingParts,
} from './digest.ts';

/** The training that a request resolves to: its key and the partitions it reads. */
export interface TrainingRequest {
  readonly key: Pair & { readonly training_digest: string; readonly as_of: string };
  readonly partitions: readonly PartitionRef[];
  /** What the training digest was made of. */
  readonly parts: TrainingParts;
}

export interface TrainingAsk {
  readonly model: ModelConfig;
  readonly set: FeatureSetConfig;
  readonly configs: FeatureConfigs;
  readonly as_of: string;
  readonly env: Pick<Environment, 'MILLRACE_TRAINER_DIGEST' | 'MILLRACE_TRAINER_LOCK_DIGEST'>;
}

/**
 * Deterministic for the same configs, trainer and newest partition revisions. A partition that does not exist yet is
 * named by its first revision and built during the run. Throws `TRAINING_NO_LABELLED_DATE`.
 */
export async function trainingRequest(
  partitions: PartitionStore,
  ask: TrainingAsk,
): Promise<TrainingRequest> {
  return requestOf(partitions, ask, trainingDigest);
}

/**
 * The same for a model that was trained elsewhere: it is evaluated on the rows that a training with the present configs
 * would hold out. Throws `TRAINING_NO_LABELLED_DATE`.
 */
export async function importRequest(
  partitions: PartitionStore,
  ask: TrainingAsk & { readonly files: readonly UploadFile[] },
): Promise<TrainingRequest> {
  return requestOf(partitions, ask, (inputs) => importDigest(inputs, ask.files));
}

async function requestOf(
  partitions: PartitionStore,
  ask: TrainingAsk,
  digestOf: (inputs: TrainingInputs) => string,
): Promise<TrainingRequest> {
  const { model, set, as_of } = ask;
  const definition = definitionDigest(set, ask.configs);
  const dates = labelDates(model.label, set.partition, as_of);
  if (dates.length === 0) {
    throw new MillraceError(
      'TRAINING_NO_LABELLED_DATE',
      `No partition of "${set.name}" has its ${model.label.horizon} of labels complete on ${as_of}.`,
      { where: model.name, details: { as_of, horizon: model.label.horizon, start: set.partition.start } },
    );
  }
  const named = { feature_set: set.name, definition_digest: definition };
  const refs = await Promise.all(dates.map((dt) => newestOrFirst(partitions, { ...named, dt })));
  const inputs: TrainingInputs = {
    model,
    definition_digest: definition,
    partitions: refs,
    trainer_digest: ask.env.MILLRACE_TRAINER_DIGEST,
    lock_digest: ask.env.MILLRACE_TRAINER_LOCK_DIGEST,
  };
  const training_digest = digestOf(inputs);
  return {
    key: { model: model.name, feature_set: set.name, training_digest, as_of },
    partitions: refs,
    parts: trainingParts(inputs),
  };
}
