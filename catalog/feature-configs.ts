import { entityColumns } from '#configs/entity.ts';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import type { ColumnType } from '#configs/types/declared-type.ts';
import type { SourceConfig } from '#configs/source.ts';
import { columnType } from '#configs/source-columns.ts';
import { MillraceError } from '#errors/millrace-error.ts';

/** The sources and feature sets of a config set, by name. */
export interface FeatureConfigs {
  readonly sources: ReadonlyMap<string, SourceConfig>;
  readonly featureSets: ReadonlyMap<string, FeatureSetConfig>;
}

export function sourceNamed(configs: FeatureConfigs, name: string): SourceConfig {
  const source = configs.sources.get(name);
  if (source === undefined)
    throw new MillraceError('SOURCE_UNKNOWN', `There is no source "${name}".`, { details: { source: name } });
  return source;
}

export function featureSetNamed(configs: FeatureConfigs, name: string): FeatureSetConfig {
  const set = configs.featureSets.get(name);
  if (set === undefined)
    throw new MillraceError('FEATURE_SET_UNKNOWN', `There is no feature set "${name}".`, {
      details: { feature_set: name },
    });
  return set;
}

export interface NamedColumn {
  readonly name: string;
  readonly type: ColumnType;
}

/**
 * Columns of a set's partitions: those of the entity, then the features by name. Sorted, because canonical JSON does not keep the
 * order of a config's keys.
 */
export function partitionColumns(set: FeatureSetConfig, configs: FeatureConfigs): NamedColumn[] {
  const features = Object.entries(set.features).map(([name, { type }]) => ({ name, type }));
  return [...keyColumns(set, configs), ...features.sort((a, b) => (a.name < b.name ? -1 : 1))];
}

/** Columns of the entity, in their declared order. Throws `FEATURE_SET_ENTITY_UNKNOWN`. */
export function keyColumns(set: FeatureSetConfig, configs: FeatureConfigs): NamedColumn[] {
  return entityColumns(set).map((name) => ({ name, type: keyType(name, set, configs) }));
}

/** The type of an entity column: that of the column with the same name in the set's sources, or among the keys of the sets it reads. */
function keyType(column: string, set: FeatureSetConfig, configs: FeatureConfigs): ColumnType {
  for (const name of set.sources) {
    const type = columnType(sourceNamed(configs, name), column);
    if (type !== undefined) return type;
  }
  for (const name of set.feature_sets) {
    const upstream = featureSetNamed(configs, name);
    if (entityColumns(upstream).includes(column)) return keyType(column, upstream, configs);
  }
  throw new MillraceError(
    'FEATURE_SET_ENTITY_UNKNOWN',
    `No source of feature set "${set.name}" has its entity column "${column}".`,
    { where: set.sql, details: { feature_set: set.name, entity: column, sources: set.sources } },
  );
}
