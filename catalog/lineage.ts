import type { FeatureSetConfig } from '#configs/feature-set.ts';
import { type FeatureConfigs, sourceNamed } from './feature-configs.ts';

/** Lineage of one feature, down to raw columns such as `payments.amount`. */
export interface ColumnLineage {
  readonly feature: string;
  readonly sources: readonly string[];
  /** The Spark SQL expression that computes it. */
  readonly expression: string;
}

/** Raw columns that a column of a relation comes from; `*` means whole rows. */
export type Origins = (column: string) => readonly string[];

/** Origins of the columns of a set, from the lineage of that set; for queries that read the set. */
export function originsThrough(
  set: FeatureSetConfig,
  lineage: readonly ColumnLineage[],
  configs: FeatureConfigs,
): Origins {
  const all = [...new Set(lineage.flatMap((feature) => feature.sources))].sort();
  return (column) => {
    if (column === set.entity) return entityOrigins(set, configs);
    return column === '*' ? all : (lineage.find((one) => one.feature === column)?.sources ?? []);
  };
}

function entityOrigins(set: FeatureSetConfig, configs: FeatureConfigs): string[] {
  return set.sources
    .filter((name) => sourceNamed(configs, name).columns[set.entity] !== undefined)
    .map((name) => `${name}.${set.entity}`);
}

/** Sensitive columns of the sources that a set reads, as `payments.amount`. */
export function sensitiveColumns(set: FeatureSetConfig, configs: FeatureConfigs): Set<string> {
  return new Set(
    set.sources.flatMap((name) => sourceNamed(configs, name).sensitive.map((column) => `${name}.${column}`)),
  );
}
