import { digestOf } from '#configs/canonical.ts';
import type { ModelConfig } from '#configs/model.ts';
import type { PartitionRef } from '#features/partitions/partition.ts';

export interface TrainingInputs {
  readonly model: ModelConfig;
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
  Record<'model' | 'features' | 'partitions' | 'trainer' | 'lockfile', string>
>;

export function trainingParts(inputs: TrainingInputs): TrainingParts {
  const { model, definition_digest, partitions, trainer_digest, lock_digest } = inputs;
  // The other parts stand still, so that this one depends on the model alone.
  const alone = { model, definition_digest: '', partitions: [], trainer_digest: '', lock_digest: '' };
  return {
    model: trainingDigest(alone),
    features: definition_digest,
    partitions: digestOf(partitions),
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
  const { seed, split, label, fairness, gates, decision, feature_set } = inputs.model;
  return {
    seed,
    split,
    label,
    fairness: fairness ?? null,
    gates,
    cut_off: decision.cut_off,
    feature_set,
    definition_digest: inputs.definition_digest,
    partitions: inputs.partitions.map(({ feature_set: set, dt, revision }) => ({ set, dt, revision })),
    trainer_digest: inputs.trainer_digest,
    lock_digest: inputs.lock_digest,
  };
}

/** `models/…/training=<id>/`: the id begins with the as-of date, so that listings are readable. */
export function trainingId(key: { readonly training_digest: string; readonly as_of: string }): string {
  return `${key.as_of}-${key.training_digest}`;
}
