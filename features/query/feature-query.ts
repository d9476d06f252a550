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
import { identifier } from './sql-literal.ts';

/** A table that the engine must provide under `name` before the query can run. */
export interface QueryTable {
  readonly name: string;
  readonly kind: 'source' | 'partition';
  /** The source's or the feature set's name. */
  readonly of: string;
  readonly columns: readonly NamedColumn[];
}

/** The query of a feature set at one date: one Spark SQL statement and its inputs. */
export interface FeatureQuery {
  readonly rendered: RenderedSql;
  /** The rendered query over its relations, each limited to what was known on the date. */
  readonly sql: string;
  readonly tables: readonly QueryTable[];
  /** Columns that the query must return, entity first. */
  readonly columns: readonly NamedColumn[];
  readonly lineage: readonly ColumnLineage[];
}

/**
 * Compiles a feature set for one partition date without reading data, so it can also check a set before anything is built.
 * Throws `TEMPLATE_INVALID`, `SQL_INVALID`, `FEATURE_FROM_SENSITIVE`.
 */
export function featureQuery(set: FeatureSetConfig, configs: FeatureConfigs, dt: string): FeatureQuery {
  const rendered = renderSql(set, dt);
  const relations = [
    ...set.sources.map((name) => sourceRelationOf(name, configs, dt)),
    ...set.feature_sets.map((name) => setRelationOf(name, configs)),
  ];
  const lineage = columnLineage(set, configs, rendered);
  const commonTables = relations.map(({ relation, body }) => `${identifier(relation)} AS (${body})`);
  const with_ = commonTables.length === 0 ? '' : `WITH ${commonTables.join(',\n')}\n`;
  const query = rendered.sql.trimEnd().replace(/;$/, '');
  return {
    rendered,
    sql: `${with_}SELECT * FROM (\n${query}\n) AS feature_rows`,
    tables: relations.map(({ table }) => table),
    columns: partitionColumns(set, configs),
    lineage,
  };
}

interface CompiledRelation {
  readonly relation: string;
  readonly body: string;
  readonly table: QueryTable;
}

function sourceRelationOf(name: string, configs: FeatureConfigs, dt: string): CompiledRelation {
  const source = sourceNamed(configs, name);
  const table = `raw__${name}`;
  // Sensitive columns are left out, so that even a query that the parser misread cannot use them.
  const seen = Object.keys(source.columns).filter(
    (column) => source.keys.includes(column) || !source.sensitive.includes(column),
  );
  return {
    relation: sourceRelation(name),
    body: knownRows(source, table, { knownOn: dt, before: dt }, seen),
    table: { name: table, kind: 'source', of: name, columns: columnsOf(source.columns) },
  };
}

function setRelationOf(name: string, configs: FeatureConfigs): CompiledRelation {
  const columns = partitionColumns(featureSetNamed(configs, name), configs);
  const table = `partition__${name}`;
  return {
    relation: featureSetRelation(name),
    body: `SELECT ${columns.map((column) => identifier(column.name)).join(', ')} FROM ${identifier(table)}`,
    table: { name: table, kind: 'partition', of: name, columns },
  };
}

function columnsOf(columns: Readonly<Record<string, NamedColumn['type']>>): NamedColumn[] {
  return Object.entries(columns).map(([name, type]) => ({ name, type }));
}
