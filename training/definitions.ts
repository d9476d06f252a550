import { digestOf } from '#configs/canonical.ts';
import { attributeNames } from '#configs/fairness.ts';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import type { ModelConfig } from '#configs/model.ts';
import type { SourceConfig } from '#configs/source.ts';
import { type FeatureConfigs, sourceNamed } from '#catalog/feature-configs.ts';
import { sourceDefinition } from '#features/definition.ts';
import { hasCode } from '#errors/cause.ts';
import type { BusinessDate } from '#features/query/availability.ts';
import { type InputStores, snapshotSource, type SourceSnapshot } from '#features/partitions/inputs.ts';
import { assertSourceColumns } from '#features/checks/source-columns.ts';

/** What the documents beside the model's say about a training, apart from the definition of its features. */
export interface TrainingDefinitions {
  /** By feature; those without a direction are left out. */
  readonly monotonic: Readonly<Record<string, 'increasing' | 'decreasing'>>;
  readonly label_source: ReturnType<typeof sourceDefinition>;
  readonly fairness_source: ReturnType<typeof sourceDefinition> | null;
}

/** Digests of what was in the sources of label and fairness: of the files that may hold rows known on the as-of date. */
export interface TrainingData {
  readonly label: string;
  /** Null if the model has no fairness attributes. */
  readonly fairness: string | null;
}

/** Throws `SOURCE_UNKNOWN`. */
export function trainingDefinitions(
  { label, fairness }: Pick<ModelConfig, 'label' | 'fairness'>,
  set: Pick<FeatureSetConfig, 'features' | 'entity'>,
  configs: FeatureConfigs,
): TrainingDefinitions {
  const directions = Object.entries(set.features).flatMap(([name, { monotonic }]) =>
    monotonic === undefined ? [] : [[name, monotonic] as const],
  );
  const definition = (name: string, columns: readonly string[]) =>
    sourceDefinition(sourceNamed(configs, name), (column) => [set.entity, ...columns].includes(column));
  return {
    monotonic: Object.fromEntries(directions),
    label_source: definition(label.source, [label.column]),
    fairness_source: fairness === undefined ? null : definition(fairness.source, attributeNames(fairness)),
  };
}

/**
 * A source without any file has the digest of nothing: the frame cannot be built then, which says why. Throws other `SOURCE_…`,
 * also if the files do not hold the declared columns.
 */
export async function trainingData(
  stores: Pick<InputStores, 'objects' | 'listed'>,
  { label, fairness }: Pick<ModelConfig, 'label' | 'fairness'>,
  configs: FeatureConfigs,
  at: BusinessDate,
): Promise<TrainingData> {
  const labels = await snapshotIfAny(stores, sourceNamed(configs, label.source), at);
  const attributes =
    fairness === undefined ? null : await snapshotIfAny(stores, sourceNamed(configs, fairness.source), at);
  assertSourceColumns(
    [labels, attributes].filter((one) => one != null),
    (key) => stores.objects.uri(key),
  );
  return {
    label: labels?.snapshot.digest ?? NO_FILES,
    fairness: attributes === null ? null : (attributes?.snapshot.digest ?? NO_FILES),
  };
}

const NO_FILES = digestOf([]);

async function snapshotIfAny(
  stores: Pick<InputStores, 'objects' | 'listed'>,
  source: SourceConfig,
  at: BusinessDate,
): Promise<SourceSnapshot | undefined> {
  try {
    return await snapshotSource(stores, source, at);
  } catch (error) {
    if (hasCode(error, 'SOURCE_EMPTY')) return undefined;
    throw error;
  }
}
