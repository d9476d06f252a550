import {
  type FeatureConfigs,
  featureSetNamed,
  partitionColumns,
  sourceNamed,
  type NamedColumn,
} from '#catalog/feature-configs.ts';
import { entityColumns } from '#configs/entity.ts';
import { sourceColumns } from '#configs/source-columns.ts';
import type { ReadableRelation } from '../sql/relation.ts';
import { parseType } from '#configs/types/parse-type.ts';
import type { QueryLineage } from './lineage.ts';
import { featureSetRelation, sourceRelation } from './render.ts';

/**
 * A source as a query sees it. Sensitive columns are hidden, however they are spelt; those of the entity are the exception,
 * because rows are joined on them, and `lineage.ts` refuses them in features.
 */
export function readableSource(
  name: string,
  entity: readonly string[],
  configs: FeatureConfigs,
): ReadableRelation {
  const source = sourceNamed(configs, name);
  const sensitive = new Set(source.sensitive.map((column) => column.toLowerCase()));
  const keys = new Set(entity.map((column) => column.toLowerCase()));
  const isHidden = (column: string): boolean =>
    sensitive.has(column.toLowerCase()) && !keys.has(column.toLowerCase());
  const columns = sourceColumns(source);
  return {
    name: sourceRelation(name),
    rows: new Set([`${name}.*`]),
    keys: source.keys.some(isHidden) ? [] : source.keys,
    hidden: new Map(
      columns.flatMap(({ name: column }) =>
        isHidden(column) ? [[column.toLowerCase(), `${name}.${column}`]] : [],
      ),
    ),
    columns: columns.flatMap(({ name: column, type }) =>
      isHidden(column)
        ? []
        : [{ name: column, type: parseType(type), origins: new Set([`${name}.${column}`]) }],
    ),
  };
}

/** Another set's partition, whose columns come from what its own lineage says. */
export function readableSet(name: string, lineage: QueryLineage, configs: FeatureConfigs): ReadableRelation {
  const set = featureSetNamed(configs, name);
  const origins = new Map(lineage.features.map(({ feature, sources }) => [feature, sources]));
  return {
    name: featureSetRelation(name),
    rows: new Set(lineage.features.flatMap(({ sources }) => sources)),
    keys: entityColumns(set),
    hidden: new Map(),
    columns: partitionColumns(set, configs).map((column) => ({
      name: column.name,
      type: parseType(column.type),
      origins: new Set(lineage.entity.get(column.name) ?? origins.get(column.name)),
    })),
  };
}

/** A table of the platform's own, whose columns come from nowhere else. */
export function plainRelation(name: string, columns: readonly NamedColumn[]): ReadableRelation {
  return {
    name,
    rows: new Set(),
    keys: [],
    hidden: new Map(),
    columns: columns.map((column) => ({
      name: column.name,
      type: parseType(column.type),
      origins: new Set<string>(),
    })),
  };
}
