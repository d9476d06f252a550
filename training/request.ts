import pLimit from 'p-limit';
import type { Environment } from '#configs/environment.ts';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import type { ModelConfig } from '#configs/model.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { trainingDates } from '#features/calendar.ts';
import { knownInFullUntil } from '#features/query/availability.ts';
import { definitionDigest } from '#features/definition.ts';
import { type FeatureConfigs, sourceNamed } from '#catalog/feature-configs.ts';
import type { InputStores } from '#features/partitions/inputs.ts';
import { type PartitionRef, rowsOf } from '#features/partitions/partition.ts';
import { type PartitionChoice, planRefresh, standingAndStale } from '#features/partitions/refresh.ts';
import type { Pair } from '#configs/pair.ts';
import { trainingData, trainingDefinitions } from './definitions.ts';
import type { UploadFile } from './upload.ts';
import {
  importDigest,
  trainingDigest,
  trainingParts,
  type TrainingInputs,
  type TrainingParts,
} from './digest.ts';

const CHOSEN_AT_ONCE = 8;

/** The training that a request resolves to: its key and the partitions it reads. */
export interface TrainingRequest {
  readonly key: Pair & { readonly training_digest: string; readonly as_of: string };
  readonly partitions: readonly PartitionRef[];
  /** Dates of partitions that are built anew, because their inputs have changed. */
  readonly refresh: readonly string[];
  /** Partitions that are read although their inputs have changed since they were built. */
  readonly stale: readonly PartitionRef[];
  /** What the training digest was made of. */
  readonly parts: TrainingParts;
}

export interface TrainingAsk {
  readonly model: ModelConfig;
  readonly set: FeatureSetConfig;
  readonly configs: FeatureConfigs;
  readonly as_of: string;
  /**
   * Build partitions anew whose inputs have changed.
   * @default false
   */
  readonly refresh?: boolean;
  readonly env: Pick<Environment, 'MILLRACE_TRAINER_DIGEST' | 'MILLRACE_TRAINER_LOCK_DIGEST'>;
}

/**
 * Deterministic for the same configs, trainer, newest partition revisions and files of the label and fairness sources. A
 * partition that does not exist yet is named by its first revision and built during the run. Throws `TRAINING_NO_LABELLED_DATE`, and `SOURCE_…` for the sources of label and fairness.
 */
export async function trainingRequest(stores: InputStores, ask: TrainingAsk): Promise<TrainingRequest> {
  return requestOf(stores, ask, trainingDigest);
}

/**
 * The same for a model that was trained elsewhere: it is evaluated on the rows that a training with the present configs
 * would hold out. Throws `TRAINING_NO_LABELLED_DATE`.
 */
export async function importRequest(
  stores: InputStores,
  ask: TrainingAsk & { readonly files: readonly UploadFile[] },
): Promise<TrainingRequest> {
  return requestOf(stores, ask, (inputs) => importDigest(inputs, ask.files));
}

async function requestOf(
  stores: InputStores,
  ask: TrainingAsk,
  digestOf: (inputs: TrainingInputs) => string,
): Promise<TrainingRequest> {
  const { model, set, as_of } = ask;
  const definition = definitionDigest(set, ask.configs);
  const at = { date: as_of, zone: set.partition.time_zone };
  const known = knownInFullUntil(sourceNamed(ask.configs, model.label.source), at);
  const dates = trainingDates(model, set.partition, known);
  if (dates.length === 0) {
    throw new MillraceError(
      'TRAINING_NO_LABELLED_DATE',
      `No partition of "${set.name}" has its ${model.label.horizon} of labels complete on ${as_of}.`,
      {
        where: model.name,
        details: { as_of, horizon: model.label.horizon, known_until: known, start: set.partition.start },
      },
    );
  }
  const shared: InputStores = { ...stores, listed: new Map() };
  const [chosen, data] = await Promise.all([
    chosenPartitions(shared, ask, dates),
    trainingData(shared, model, ask.configs, at),
  ]);
  const refs = chosen.map(({ ref }) => ref);
  const inputs: TrainingInputs = {
    model,
    definitions: trainingDefinitions(model, set, ask.configs),
    data,
    definition_digest: definition,
    partitions: refs,
    trainer_digest: ask.env.MILLRACE_TRAINER_DIGEST,
    lock_digest: ask.env.MILLRACE_TRAINER_LOCK_DIGEST,
  };
  const training_digest = digestOf(inputs);
  return {
    key: { model: model.name, feature_set: set.name, training_digest, as_of },
    partitions: refs,
    refresh: chosen.filter(({ build, ref }) => build && ref.revision > 1).map(({ ref }) => ref.dt),
    stale: chosen.flatMap(({ ref, build, stale }) =>
      stale === undefined || build ? [] : [{ ...ref, revision: stale }],
    ),
    parts: trainingParts(inputs),
  };
}

/**
 * One partition for each date. A revision with the rows of an earlier one goes by the earlier one's name, so that building the
 * same rows again makes no other training.
 */
async function chosenPartitions(
  stores: InputStores,
  { set, configs, refresh = false }: TrainingAsk,
  dates: readonly string[],
): Promise<readonly PartitionChoice[]> {
  const limit = pLimit(CHOSEN_AT_ONCE);
  const choose = refresh ? planRefresh : standingAndStale;
  return Promise.all(
    dates.map((dt) =>
      limit(async (): Promise<PartitionChoice> => {
        const choice = await choose(stores, set, configs, dt);
        if (choice.build) return choice;
        return { ...choice, ref: rowsOf(await stores.partitions.get(choice.ref)) };
      }),
    ),
  );
}
