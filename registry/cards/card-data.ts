import type { FeatureSetConfig } from '#configs/feature-set.ts';
import { canonicalJson, sha256Hex } from '#configs/canonical.ts';
import { attributeNames } from '#configs/fairness.ts';
import type { ModelConfig } from '#configs/model.ts';
import type { SourceConfig } from '#configs/source.ts';
import type { PartitionManifest } from '#features/partitions/partition.ts';
import { notMeasurable, UNKNOWN_ORIGIN, writtenText } from './card-value.ts';
import type { TrainingParts } from '#training/digest.ts';
import type { TrainingRecord } from '#training/record.ts';

export interface DataInput {
  readonly model: ModelConfig;
  readonly featureSet: FeatureSetConfig;
  readonly sources: readonly SourceConfig[];
  readonly training: TrainingRecord;
  readonly partitions: readonly PartitionManifest[];
}

const NOT_COUNTED = notMeasurable('the build that trained it did not count them');

/** The data that a version was trained on. */
export function cardData({ model, featureSet, sources, training, partitions }: DataInput): unknown {
  const { source, column, positive, horizon, window, absent } = model.label;
  return {
    partitions: training.partitions.map(({ feature_set, definition_digest, dt, revision }) => {
      const manifest = partitions.find((one) =>
        sameRef(one, { feature_set, definition_digest, dt, revision }),
      );
      if (manifest === undefined) return { feature_set, definition_digest, dt, revision, digest: null };
      return {
        feature_set,
        definition_digest,
        dt,
        revision,
        digest: sha256Hex(canonicalJson(manifest)),
        rows: manifest.rows,
        inputs: manifest.inputs.map(({ kind, name, digest }) => ({ kind, name, digest })),
      };
    }),
    rows: {
      train: training.origin === undefined ? training.rows.train : UNKNOWN_ORIGIN,
      test: training.rows.test,
      unlabelled: training.rows.unlabelled ?? NOT_COUNTED,
    },
    split: { ...model.split },
    label: {
      source,
      column,
      ...(positive !== undefined && { positive }),
      horizon,
      window,
      ...(absent !== undefined && { absent }),
    },
    waiting_dates: training.waiting_dates ?? NOT_COUNTED,
    ...(training.parts && { label_and_fairness: labelAndFairness(training.parts) }),
    as_of: training.as_of,
    known_time: Object.fromEntries(sources.map(({ name, known_time }) => [name, known_time])),
    exclusions: writtenText(model.card.exclusions),
    reject_inference: writtenText(model.card.reject_inference),
    quality: quality(partitions),
    sensitive: sensitive(model, featureSet, sources),
  };
}

function labelAndFairness(parts: TrainingParts) {
  const { label_source, label_data, fairness_source, fairness_data } = parts;
  return { label_source, label_data, fairness_source, ...(fairness_data !== null && { fairness_data }) };
}

function quality(partitions: readonly PartitionManifest[]): unknown {
  const results = partitions.flatMap(({ dt, checks }) =>
    checks.map(({ expectation, column, severity, success, observed }) => ({
      dt,
      expectation,
      column: column ?? '(table)',
      severity,
      success,
      observed: observed ?? notMeasurable('the check yields no figure'),
    })),
  );
  return results.length > 0 ? results : notMeasurable('the feature set declares no checks');
}

function sensitive(
  model: ModelConfig,
  featureSet: FeatureSetConfig,
  sources: readonly SourceConfig[],
): unknown {
  const attributes = new Set(
    attributeNames(model.fairness).map((name) => `${model.fairness?.source ?? ''}.${name}`),
  );
  const rows = sources.flatMap(({ name, sensitive: columns }) =>
    columns.map((column) => {
      const place = `${name}.${column}`;
      if (attributes.has(place)) {
        return {
          column: place,
          use: 'fairness',
          reason: 'It defines the groups compared after training; it is not an input of the model.',
        };
      }
      const read = featureSet.sources.includes(name);
      return {
        column: place,
        use: 'none',
        reason: read
          ? 'Its source is read, but sensitive columns cannot become features.'
          : 'Its source is not read for features.',
      };
    }),
  );
  return rows.length > 0 ? rows : notMeasurable('the sources declare no sensitive columns');
}

type Ref = TrainingRecord['partitions'][number];

function sameRef(a: Ref, b: Ref): boolean {
  return (
    a.feature_set === b.feature_set &&
    a.definition_digest === b.definition_digest &&
    a.dt === b.dt &&
    a.revision === b.revision
  );
}
