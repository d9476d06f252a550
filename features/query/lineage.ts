import { type ColumnLineage, type Origins, originsThrough, sensitiveColumns } from '#catalog/lineage.ts';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import {
  type FeatureConfigs,
  featureSetNamed,
  partitionColumns,
  sourceNamed,
} from '#catalog/feature-configs.ts';
import { featureExpression } from './feature-expression.ts';
import { parseQuery, type ReadableRelation } from './parse-query.ts';
import { featureSetRelation, renderSql, sourceRelation, type RenderedSql } from './render.ts';

/**
 * Origin of every feature down to raw columns (`payments.amount`), through CTEs, joins, windows and the sets it reads.
 * The origin of a feature computed from whole rows, such as COUNT(*), is `statements.*` for every source read. Sorted by feature.
 * Throws `FEATURE_FROM_SENSITIVE` if a sensitive column is selected, joined or filtered on.
 */
export function columnLineage(
  set: FeatureSetConfig,
  configs: FeatureConfigs,
  rendered: RenderedSql,
): ColumnLineage[] {
  const relations = relationsOf(set, configs);
  const parsed = parseQuery(rendered, relations);
  const origins = new Map(relations.map(({ name, origin }) => [name, origin]));
  const rawColumns = (table: string | null | undefined, column: string): readonly string[] =>
    origins.get(table ?? '')?.(column) ?? [];

  const { baseTables, projections, columnUses = [] } = parsed.analysis;
  const used = columnUses.flatMap(({ references }) =>
    references.flatMap(({ table, column }) => rawColumns(table, column)),
  );
  const rowsOf = baseTables.flatMap(({ table }) => rawColumns(table, '*'));
  const features = new Map<string, ColumnLineage>();
  for (const { name, upstream } of projections) {
    if (name === undefined || name === null || !Object.hasOwn(set.features, name)) continue;
    const direct = upstream.flatMap(({ table, column }) => rawColumns(table, column));
    const sources = [...new Set(direct.length === 0 ? rowsOf : direct)].sort();
    const expression = featureExpression(name, rendered, parsed, relations);
    features.set(name, { feature: name, sources, expression });
  }
  const lineage = [...features.values()].sort((a, b) => (a.feature < b.feature ? -1 : 1));
  assertNothingSensitive(set, configs, lineage, used);
  return lineage;
}

interface Relation extends ReadableRelation {
  /** Raw columns that a column of the relation comes from; `*` means whole rows. */
  readonly origin: Origins;
}

function relationsOf(set: FeatureSetConfig, configs: FeatureConfigs): Relation[] {
  const sources = set.sources.map((name): Relation => {
    const columns = Object.entries(sourceNamed(configs, name).columns).map(([column, type]) => ({
      name: column,
      type,
    }));
    return { name: sourceRelation(name), columns, origin: (column) => [`${name}.${column}`] };
  });
  const sets = set.feature_sets.map((name): Relation => {
    const upstream = featureSetNamed(configs, name);
    const lineage = columnLineage(upstream, configs, renderSql(upstream, upstream.partition.start));
    return {
      name: featureSetRelation(name),
      columns: partitionColumns(upstream, configs),
      origin: originsThrough(upstream, lineage, configs),
    };
  });
  return [...sources, ...sets];
}

function assertNothingSensitive(
  set: FeatureSetConfig,
  configs: FeatureConfigs,
  lineage: readonly ColumnLineage[],
  used: readonly string[],
): void {
  const sensitive = sensitiveColumns(set, configs);
  for (const { feature, sources } of lineage) {
    const found = sources.filter((column) => sensitive.has(column));
    if (found.length > 0)
      throw new MillraceError(
        'FEATURE_FROM_SENSITIVE',
        `Feature "${feature}" of "${set.name}" is computed from ${found.join(', ')}.`,
        { where: set.sql, details: { feature, columns: found } },
      );
  }
  const found = [...new Set(used.filter((column) => sensitive.has(column)))];
  if (found.length > 0)
    throw new MillraceError(
      'FEATURE_FROM_SENSITIVE',
      `The query of "${set.name}" joins, filters, groups or orders by ${found.join(', ')}.`,
      { where: set.sql, details: { columns: found } },
    );
}
