import type { FeatureSetConfig } from '#configs/feature-set.ts';
import {
  type FeatureConfigs,
  featureSetNamed,
  partitionColumns,
  sourceNamed,
  type NamedColumn,
} from '#catalog/feature-configs.ts';
import { columnLineage } from './lineage.ts';
import type { ColumnLineage } from '#catalog/lineage.ts';
import { knownRows } from './point-in-time.ts';
import { featureSetRelation, renderSql, sourceRelation, type RenderedSql } from './render.ts';

/** A relation that the query can name. */
export interface QueryRelation {
  readonly name: string;
  readonly kind: 'source' | 'partition';
  /** The source's or the feature set's name. */
  readonly of: string;
  /** Columns of the input. */
  readonly columns: readonly NamedColumn[];
  /** Columns that the query can read. */
  readonly visible: readonly NamedColumn[];
  /** The rows that the query can read, as in `InputRelation`. */
  readonly rows?: string;
}

/** The query of a feature set at one date: one Spark SQL statement and what it can read. */
export interface FeatureQuery {
  readonly rendered: RenderedSql;
  /** The rendered query over its relations. */
  readonly sql: string;
  /** Each limited to what was known on the date, without sensitive columns. */
  readonly relations: readonly QueryRelation[];
  /** Columns that the query must return, entity first. */
  readonly columns: readonly NamedColumn[];
  readonly lineage: readonly ColumnLineage[];
}

/**
 * Compiles a feature set for one partition date without reading data, so it can also check a set before anything is built.
 * Throws `TEMPLATE_INVALID`, `SQL_INVALID`, `FEATURE_FROM_SENSITIVE`.
 */
export function featureQuery(
  set: FeatureSetConfig,
  configs: FeatureConfigs,
  dt: string,
  rendered: RenderedSql = renderSql(set, dt),
): FeatureQuery {
  return {
    rendered,
    sql: rendered.sql.trimEnd().replace(/;$/, ''),
    relations: [
      ...set.sources.map((name) => sourceRelationOf(name, set.entity, configs, dt)),
      ...set.feature_sets.map((name) => setRelationOf(name, configs)),
    ],
    columns: partitionColumns(set, configs),
    lineage: columnLineage(set, configs, rendered),
  };
}

function sourceRelationOf(name: string, entity: string, configs: FeatureConfigs, dt: string): QueryRelation {
  const source = sourceNamed(configs, name);
  const columns = Object.entries(source.columns).map(([column, type]) => ({ name: column, type }));
  // Sensitive columns are left out, so that even a query that the parser misread cannot use them.
  const visible = columns.filter(
    (column) => column.name === entity || !source.sensitive.includes(column.name),
  );
  const seen = visible.map((column) => column.name);
  const rows = knownRows(source, { knownOn: dt, before: dt }, seen);
  return { name: sourceRelation(name), kind: 'source', of: name, columns, visible, rows };
}

function setRelationOf(name: string, configs: FeatureConfigs): QueryRelation {
  const columns = partitionColumns(featureSetNamed(configs, name), configs);
  return { name: featureSetRelation(name), kind: 'partition', of: name, columns, visible: columns };
}
