import { entityForm } from '#configs/entity.ts';
import { attributeNames } from '#configs/fairness.ts';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import type { EstimatorConfig, GatesConfig, JsonValue, ModelConfig, SplitConfig } from '#configs/model.ts';
import type { PlatformConfig } from '#configs/platform.ts';
import { trainingId } from './digest.ts';
import type { TrainingKey } from './key.ts';
import type { FrameSummary } from './job-types.ts';

/** The input of a training job; `docs/trainer.md` describes it for authors of other trainers. */
export interface TrainingSpec {
  readonly spec_version: 1;
  readonly model: string;
  readonly feature_set: string;
  readonly training_id: string;
  readonly as_of: string;
  /** Grain of the partitions, for the wording of the evaluation. */
  readonly grain: 'day' | 'month';
  readonly estimator: EstimatorConfig;
  readonly params: Readonly<Record<string, JsonValue>>;
  readonly seed: number;
  /** Python packages that estimators may come from. */
  readonly packages: readonly string[];
  readonly split: SplitConfig;
  readonly gates: GatesConfig;
  readonly cut_off: number;
  readonly columns: {
    /** A list if the entity has several columns. */
    readonly entity: string | readonly string[];
    readonly partition: 'dt';
    readonly label: 'label';
    readonly features: readonly {
      readonly name: string;
      readonly type: string;
      readonly monotonic: 'increasing' | 'decreasing' | null;
    }[];
    readonly attributes: readonly string[];
  };
  readonly frame: {
    readonly uri: string;
    readonly sha256: string;
    readonly rows: number;
    /** Rows of the partitions that were left out, because they have no label. The evaluation repeats it. */
    readonly unlabelled: number;
  };
  readonly output: { readonly uri: string };
}

/** The input of a job that evaluates a model that was trained elsewhere, in place of training one. */
export interface ImportSpec extends Omit<TrainingSpec, 'estimator' | 'params' | 'packages'> {
  readonly imported: ImportedFile;
}

/** The ONNX file to evaluate. */
export interface ImportedFile {
  readonly uri: string;
  readonly sha256: string;
}

export interface SpecInput {
  readonly key: TrainingKey;
  readonly model: ModelConfig;
  readonly set: FeatureSetConfig;
  readonly platform: PlatformConfig;
  readonly frame: FrameSummary['frame'];
  readonly frameUri: string;
  readonly outputUri: string;
}

/** Attributes have a prefix in the frame, so that none can be mistaken for a feature. */
export const ATTRIBUTE_PREFIX = 'attr_';

export function trainingSpec(input: SpecInput): TrainingSpec {
  const { estimator, params, seed } = input.model;
  const { packages } = input.platform.training;
  return { ...subject(input), estimator, params, seed, packages, ...evaluation(input) };
}

export function importSpec(input: SpecInput, imported: ImportedFile): ImportSpec {
  return { ...subject(input), imported, seed: input.model.seed, ...evaluation(input) };
}

function subject({ key, set }: SpecInput) {
  return {
    spec_version: 1,
    model: key.model,
    feature_set: key.feature_set,
    training_id: trainingId(key),
    as_of: key.as_of,
    grain: set.partition.grain,
  } as const;
}

/** On which rows, and how, a model is evaluated. */
function evaluation({ model, set, frame, frameUri, outputUri }: SpecInput) {
  return {
    split: model.split,
    gates: model.gates,
    cut_off: model.decision.cut_off,
    columns: {
      entity: entityForm(set),
      partition: 'dt',
      label: 'label',
      features: featuresOf(set),
      attributes: attributeNames(model.fairness).map((name) => `${ATTRIBUTE_PREFIX}${name}`),
    },
    frame: { uri: frameUri, sha256: frame.sha256, rows: frame.rows, unlabelled: frame.unlabelled },
    output: { uri: outputUri },
  } as const;
}

/** Sorted by name, because the keys of a stored config have no order. */
function featuresOf(set: FeatureSetConfig): TrainingSpec['columns']['features'] {
  return Object.entries(set.features)
    .map(([name, feature]) => ({ name, type: feature.type, monotonic: feature.monotonic ?? null }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
