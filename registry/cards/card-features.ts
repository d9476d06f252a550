import { digestOf } from '#configs/canonical.ts';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import type { PartitionManifest } from '#features/partitions/partition.ts';
import type { CardFeature } from './card.ts';

/** Every feature with its raw columns, by the lineage recorded with its partitions. */
export function cardFeatures(
  { owner, features }: FeatureSetConfig,
  partitions: readonly PartitionManifest[],
): readonly CardFeature[] {
  return Object.entries(features).map(([name, feature]) => {
    const lineage = partitions
      .flatMap((manifest) => manifest.lineage)
      .find((column) => column.feature === name);
    return {
      name,
      type: feature.type,
      description: feature.description,
      source_columns: lineage === undefined ? null : [...lineage.sources],
      transform_digest: lineage === undefined ? null : digestOf(lineage.expression),
      owner,
      proxy_risk: feature.proxy_risk,
      monotonic: feature.monotonic ?? 'none',
    };
  });
}
