import { z } from 'zod';
import { canonicalJson, digestOf, sha256Hex } from '#configs/canonical.ts';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import type { ModelConfig } from '#configs/model.ts';
import type { PlatformConfig } from '#configs/platform.ts';
import type { SourceConfig } from '#configs/source.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { PartitionManifest } from '#features/partitions/partition.ts';
import { championChallenger, type Champion } from './card-champion.ts';
import { cardData } from './card-data.ts';
import { cardFairness } from './card-fairness.ts';
import { cardFeatures } from './card-features.ts';
import { cardSchema, type Card } from './card.ts';
import { missingFields } from './card-missing.ts';
import { isNotMeasurable, notMeasurable, UNKNOWN_ORIGIN, writtenText } from './card-value.ts';
import { evaluationSchema, told, type Evaluation } from './evaluation.ts';
import type { Origin, TrainingRecord } from '#training/record.ts';

export interface CardInput {
  readonly model: ModelConfig;
  readonly featureSet: FeatureSetConfig;
  readonly platform: PlatformConfig;
  /** The sources of the feature set, the label and the fairness attributes. */
  readonly sources: readonly SourceConfig[];
  /** The principal that applied the trained config. */
  readonly author: string;
  readonly training: TrainingRecord;
  /** The trainer's `evaluation.json`, parsed. */
  readonly evaluation: unknown;
  /** Of every partition in the training record. */
  readonly partitions: readonly PartitionManifest[];
  /** The version that is live at registration. */
  readonly champion?: Champion;
}

/**
 * The card of a training: texts from the model config, everything else from the records of the platform and the
 * trainer. `missing` lists the empty fields; `text` is canonical JSON, stored under its SHA-256. Throws
 * `CARD_INVALID` when the evaluation is malformed.
 */
export function buildCard(input: CardInput): {
  readonly card: Card;
  readonly missing: readonly string[];
  readonly text: string;
  readonly sha256: string;
} {
  const { training, model } = input;
  const evaluation = parse(
    evaluationSchema,
    input.evaluation,
    `evaluation of training ${training.training_id}`,
  );
  const draft = {
    card_version: 1,
    identity: identity(input),
    purpose: purpose(model),
    build: build(input, evaluation),
    data: cardData(input),
    features: cardFeatures(input.featureSet, input.partitions),
    performance: performance(input, evaluation),
    fairness: cardFairness(model, training, evaluation),
    explainability: explainability(input.featureSet, evaluation),
    limits: limits(input),
    control: control(input),
  };
  const card = parse(cardSchema, draft, `card of training ${training.training_id}`);
  const text = canonicalJson(card);
  return { card, missing: missingFields(card), text, sha256: sha256Hex(text) };
}

function identity({ model, author, training }: CardInput): Card['identity'] {
  return {
    model: training.model,
    feature_set: training.feature_set,
    training_id: training.training_id,
    owner: model.owner,
    developer: training.origin === undefined ? author : UNKNOWN_ORIGIN,
    validator: writtenText(model.card.validator),
    risk_tier: model.risk_tier,
    exposure: writtenText(model.card.exposure),
    purpose: writtenText(model.card.purpose),
    rationale: writtenText(model.card.rationale),
  };
}

function purpose({ card }: ModelConfig): Card['purpose'] {
  return {
    product: writtenText(card.product),
    market: writtenText(card.market),
    population: writtenText(card.population),
    decision: writtenText(card.decision),
    intended_users: writtenText(card.intended_users),
    prohibited_uses: writtenText(card.prohibited_uses),
    human_oversight: writtenText(card.human_oversight),
  };
}

function build(input: CardInput, evaluation: Evaluation): unknown {
  const { training } = input;
  return {
    config_digest: training.config_digest,
    training_digest: training.training_digest,
    ...(training.origin === undefined ? trained(input, evaluation) : importedFrom(training.origin)),
    monotonic: given(evaluation.estimator?.monotonic),
    artifacts: training.artifacts.map(({ name, key, size, sha256 }) => ({ name, key, size, sha256 })),
    engine: training.engine,
    parity: given(evaluation.onnx),
    workflow_id: training.build.workflow_id,
    run_id: training.build.run_id,
    job_key: training.build.job_key,
  };
}

/** The platform ran the training, so it knows what went in. */
function trained({ model, training }: CardInput, evaluation: Evaluation): object {
  const { estimator, params } = model;
  return {
    code_commit: recorded(
      training.build.code_commit,
      'this installation does not record which commit it runs',
    ),
    image_digest: notMeasurable('the training ran as a local process without a container image'),
    trainer_digest: recorded(
      training.build.trainer_digest,
      'this installation does not record a digest of its trainer',
    ),
    lockfile_digest: recorded(
      training.build.lock_digest,
      'this installation does not record a digest of its lockfile',
    ),
    seed: training.build.seed,
    algorithm:
      typeof estimator === 'string' ? estimator : estimator.pipeline.map((step) => step.class).join(' → '),
    hyperparameters: typeof estimator === 'string' ? params : { ...params, pipeline: estimator.pipeline },
    packages: given(evaluation.versions),
  };
}

function importedFrom(origin: Origin): object {
  const unknown = [
    'code_commit',
    'image_digest',
    'trainer_digest',
    'lockfile_digest',
    'seed',
    'algorithm',
    'hyperparameters',
    'packages',
  ];
  return { ...Object.fromEntries(unknown.map((name) => [name, UNKNOWN_ORIGIN])), origin };
}

function performance({ training, champion }: CardInput, { performance: measured }: Evaluation): unknown {
  return {
    train: given(measured?.train),
    test: given(measured?.test),
    out_of_time: given(measured?.out_of_time),
    calibration: given(measured?.calibration),
    population_stability: given(measured?.psi_train_test),
    slices: given(measured?.slices),
    gates: training.gates,
    champion_challenger: championChallenger(champion, training),
    ensemble: notMeasurable('the version is a single model'),
  };
}

function explainability({ features }: FeatureSetConfig, { explainability: explained }: Evaluation): unknown {
  const reasons = Object.fromEntries(
    Object.entries(features).map(([name, { description }]) => [name, description]),
  );
  return {
    method:
      explained?.method === undefined ? null : [explained.method, explained.description].flat().join(': '),
    baseline: given(explained?.baseline),
    reasons,
    reasons_version: digestOf(reasons),
    number_of_reasons: given(explained?.number_of_reasons),
    fidelity: given(explained?.fidelity),
  };
}

function limits({ model: { card }, training }: CardInput): Card['limits'] {
  return {
    assumptions: writtenText(card.assumptions),
    known_failure_modes: writtenText(card.limitations),
    cut_off_policy: `A row whose probability is ${training.cut_off} or more is declined and carries reasons. Every deployment of the version uses this cut-off.`,
    trade_offs: writtenText(card.trade_offs),
  };
}

function control({ model, platform }: CardInput): Card['control'] {
  const { psi_warn, psi_alert } = platform.drift;
  return {
    monitoring_plan: writtenText(model.card.monitoring_plan),
    triggers: `Population stability index of the score or of a feature: a warning from ${psi_warn}, an alert from ${psi_alert}.`,
    review_date: writtenText(model.card.review_date),
    retention:
      'The platform never deletes a version, artifact, card or dossier entry. The operator of the storage decides how long it keeps them; for high-risk systems, the EU AI Act requires ten years.',
  };
}

/** Placeholder values of an unconfigured installation count as not measurable. */
function recorded(value: string, why: string): unknown {
  return value === 'unset' || value === 'unknown' || value === '' ? notMeasurable(why) : value;
}

/** An absent value counts as missing; a reason instead of figures counts as filled. */
function given(value: unknown): unknown {
  if (value === undefined) return null;
  if (isNotMeasurable(value)) return { not_measurable: value.not_measurable };
  return told(value);
}

function parse<S extends z.ZodType>(schema: S, value: unknown, what: string): z.infer<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new MillraceError(
    'CARD_INVALID',
    `The ${what} has fields of another form: ${z.prettifyError(parsed.error)}`,
    {
      details: { fields: parsed.error.issues.map(({ path }) => path.join('.')) },
    },
  );
}
