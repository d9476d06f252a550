import { digestOf } from '#configs/canonical.ts';
import { type LabelConfig, positiveValues } from '#configs/label.ts';
import type { ModelConfig } from '#configs/model.ts';
import type { TrainingData, TrainingDefinitions } from './definitions.ts';
import type { PartitionRef } from '#features/partitions/partition.ts';

export interface TrainingInputs {
  readonly model: ModelConfig;
  readonly definitions: TrainingDefinitions;
  /** What was in the sources of label and fairness when the training was asked for. */
  readonly data: TrainingData;
  readonly definition_digest: string;
  /** Partitions are immutable, so their names identify their bytes. */
  readonly partitions: readonly PartitionRef[];
  readonly trainer_digest: string;
  readonly lock_digest: string;
}

/**
 * Identifies a training by the inputs that decide its bytes and gates. Excludes deploy policy, card texts and resources,
 * so that they can change without a new training. The cut-off is included because fairness gates are measured at it.
 */
export function trainingDigest(inputs: TrainingInputs): string {
  const { estimator, params } = inputs.model;
  return digestOf({ estimator, params, ...heldOutRules(inputs) });
}

/**
 * What a training digest is made of, part by part, so that a difference can be named. Trainer and lockfile are the digests
 * that the environment gives; the others are digests of what they name.
 */
export type TrainingParts = Readonly<
  Record<
    | 'model'
    | 'features'
    | 'monotonic'
    | 'partitions'
    | 'label_source'
    | 'label_data'
    | 'fairness_source'
    | 'trainer'
    | 'lockfile',
    string
  >
> & { readonly fairness_data: string | null };

export function trainingParts(inputs: TrainingInputs): TrainingParts {
  const { definitions, data, definition_digest, partitions, trainer_digest, lock_digest } = inputs;
  return {
    model: digestOf({
      ...modelRules(inputs),
      estimator: inputs.model.estimator,
      params: inputs.model.params,
    }),
    features: definition_digest,
    monotonic: digestOf(definitions.monotonic),
    partitions: digestOf(partitions),
    label_source: digestOf(definitions.label_source),
    label_data: data.label,
    fairness_source: digestOf(definitions.fairness_source),
    fairness_data: data.fairness,
    trainer: trainer_digest,
    lockfile: lock_digest,
  };
}

/**
 * Identifies the evaluation of a model that was trained elsewhere, by its files and by what its evaluation depends on.
 * How the model was made is unknown, so estimator and parameters of the config are left out.
 */
export function importDigest(
  inputs: TrainingInputs,
  files: readonly { readonly name: string; readonly sha256: string }[],
): string {
  return digestOf({
    imported: files
      .map(({ name, sha256 }) => ({ name, sha256 }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    ...heldOutRules(inputs),
  });
}

/** What decides the rows, the labels, the evaluation and the gates, whoever fitted the model. */
function heldOutRules(inputs: TrainingInputs) {
  return {
    ...modelRules(inputs),
    definitions: inputs.definitions,
    data: inputs.data,
    definition_digest: inputs.definition_digest,
    partitions: inputs.partitions.map(({ feature_set: set, dt, revision }) => ({ set, dt, revision })),
    trainer_digest: inputs.trainer_digest,
    lock_digest: inputs.lock_digest,
  };
}

function modelRules({ model }: TrainingInputs) {
  const { seed, split, fairness, gates, decision, feature_set } = model;
  const label = labelRules(model.label);
  return { seed, split, label, fairness: fairness ?? null, gates, cut_off: decision.cut_off, feature_set };
}

/** The order of the values that mean 1, and a list of a single one, do not matter. */
function labelRules(label: LabelConfig) {
  const positive = positiveValues(label)?.toSorted((a, b) => (String(a) < String(b) ? -1 : 1));
  return positive === undefined ? label : { ...label, positive };
}

/** `models/…/training=<id>/`: the id begins with the as-of date, so that listings are readable. */
export function trainingId(key: { readonly training_digest: string; readonly as_of: string }): string {
  return `${key.as_of}-${key.training_digest}`;
}
