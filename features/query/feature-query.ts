import { entityColumns } from '#configs/entity.ts';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import { sourceColumns } from '#configs/source-columns.ts';
import {
  type FeatureConfigs,
  featureSetNamed,
  partitionColumns,
  sourceNamed,
  type NamedColumn,
} from '#catalog/feature-configs.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { ColumnLineage } from '#catalog/lineage.ts';
import { assertOutputColumns } from '../checks/output-columns.ts';
import type { ReadableRelation } from '../sql/relation.ts';
import { compileSql, outputColumns } from './compile-sql.ts';
import { mentionedColumns } from './mentioned-columns.ts';
import { lineageOf, type QueryLineage } from './lineage.ts';
import { knownRows } from './point-in-time.ts';
import { readableSet, readableSource } from './readable-relations.ts';
import { featureSetRelation, renderSql, sourceRelation, type RenderedSql } from './render.ts';
import { placeInTemplate, withPlace } from './sql-place.ts';

/** A relation that the query can name. */
export interface QueryRelation {
  readonly name: string;
  readonly kind: 'source' | 'partition';
  /** The source's or the feature set's name. */
  readonly of: string;
  /** Columns of the input. */
  readonly columns: readonly NamedColumn[];
  /** The rows that the query can read, as in `InputRelation`. */
  readonly rows?: string;
  /** As in `InputRelation`. */
  readonly keys: readonly string[];
}

/** The query of a feature set at one date: one Spark SQL statement and what it can read. */
export interface FeatureQuery {
  readonly rendered: RenderedSql;
  /** The query over its relations, in Spark SQL. */
  readonly sql: string;
  /** Each limited to what was known on the date, without sensitive columns. */
  readonly relations: readonly QueryRelation[];
  /** Columns that the query must return, entity first. */
  readonly columns: readonly NamedColumn[];
  readonly lineage: readonly ColumnLineage[];
  /** As in `QueryLineage`. */
  readonly used: readonly string[];
  readonly sensitiveKeys: readonly string[];
}

/**
 * Compiles a feature set for one partition date without reading data, so it can also check a set before anything is built.
 * Throws `TEMPLATE_INVALID`, `SQL_INVALID`, `SQL_NOT_TRANSLATABLE`, `FEATURE_FROM_SENSITIVE`, `PARTITION_COLUMNS_DIFFER`,
 * `FEATURE_TYPE_DIFFERS`.
 */
export function featureQuery(
  set: FeatureSetConfig,
  configs: FeatureConfigs,
  dt: string,
  rendered: RenderedSql = renderSql(set, dt),
): FeatureQuery {
  const { spark, lineage } = compiledSet(set, configs, rendered);
  return {
    rendered,
    sql: spark,
    relations: [
      ...set.sources.map((name) => sourceRelationOf(name, set, configs, dt)),
      ...set.feature_sets.map((name) => setRelationOf(name, configs)),
    ],
    columns: partitionColumns(set, configs),
    lineage: lineage.features,
    used: lineage.used,
    sensitiveKeys: lineage.sensitiveKeys,
  };
}

interface CompiledSet {
  readonly spark: string;
  readonly lineage: QueryLineage;
}

function compiledSet(set: FeatureSetConfig, configs: FeatureConfigs, rendered: RenderedSql): CompiledSet {
  const below = set.feature_sets.map((name) => ({ name, lineage: lineageBelow(name, configs) }));
  const relations: ReadableRelation[] = [
    ...set.sources.map((name) => readableSource(name, entityColumns(set), configs)),
    ...below.map(({ name, lineage }) => readableSet(name, lineage, configs)),
  ];
  const compiled = compileSql(rendered.sql, relations, (line, column) =>
    placeInTemplate(rendered, line, column),
  );
  assertMentioned(set, compiled.used, configs);
  try {
    assertOutputColumns(partitionColumns(set, configs), outputColumns(compiled));
  } catch (error) {
    throw withPlace(error, rendered);
  }
  const lineages = below.map(({ lineage }) => lineage);
  return { spark: compiled.spark, lineage: lineageOf(set, compiled, lineages, configs) };
}

/** A template may put a name together in ways that its words do not tell. */
function assertMentioned(set: FeatureSetConfig, used: ReadonlySet<string>, configs: FeatureConfigs): void {
  const mentions = mentionedColumns(set);
  const unnamed = set.sources.flatMap((name) =>
    Object.keys(sourceNamed(configs, name).columns)
      .filter((column) => used.has(`${name}.${column}`) && !mentions.has(column))
      .map((column) => `${name}.${column}`),
  );
  if (unnamed.length > 0)
    throw new MillraceError(
      'TEMPLATE_INVALID',
      `The query reads ${unnamed.join(', ')}, but the template never writes out the name of the column. Write it in full.`,
      { where: set.sql, details: { columns: unnamed } },
    );
}

/** Configs never change, so the lineage of a set that others read is worked out once. */
const known = new WeakMap<FeatureConfigs, Map<string, QueryLineage>>();

function lineageBelow(name: string, configs: FeatureConfigs): QueryLineage {
  const lineages = known.get(configs) ?? new Map<string, QueryLineage>();
  known.set(configs, lineages);
  const found = lineages.get(name);
  if (found !== undefined) return found;
  const set = featureSetNamed(configs, name);
  const { lineage } = compiledSet(set, configs, renderSql(set, set.partition.start));
  lineages.set(name, lineage);
  return lineage;
}

function sourceRelationOf(
  name: string,
  set: FeatureSetConfig,
  configs: FeatureConfigs,
  dt: string,
): QueryRelation {
  const source = sourceNamed(configs, name);
  const columns = sourceColumns(source).map(({ name: column, type }) => ({ name: column, type }));
  const mentions = mentionedColumns(set);
  const readable = readableSource(name, entityColumns(set), configs);
  const seen = readable.columns.map((column) => column.name);
  const at = { date: dt, zone: set.partition.time_zone };
  const rows = knownRows(
    source,
    { at, happened: 'before' },
    { seen, deciding: seen.filter((column) => mentions.has(column)) },
  );
  return { name: sourceRelation(name), kind: 'source', of: name, columns, rows, keys: readable.keys };
}

function setRelationOf(name: string, configs: FeatureConfigs): QueryRelation {
  const set = featureSetNamed(configs, name);
  const columns = partitionColumns(set, configs);
  return { name: featureSetRelation(name), kind: 'partition', of: name, columns, keys: entityColumns(set) };
}
