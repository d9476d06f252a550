import { analyzeQuery, Dialect, generate, lineageWithSchema, type LineageNode } from '@polyglot-sql/sdk';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { type FeatureConfigs, featureSetNamed, partitionColumns, sourceNamed } from './feature-configs.ts';
import type { ColumnLineage } from './partition.ts';
import { featureSetRelation, renderSql, sourceRelation, type RenderedSql } from './render.ts';

/**
 * Origin of every feature down to raw columns (`statements.bill_amount`), through CTEs, joins, windows and the sets it reads.
 * A feature computed from whole rows, such as COUNT(*), comes from `statements.*` of every source read. Sorted by feature.
 * Throws `FEATURE_FROM_SENSITIVE` where a sensitive column is selected, joined or filtered on.
 */
export function columnLineage(
  set: FeatureSetConfig,
  configs: FeatureConfigs,
  rendered: RenderedSql,
): ColumnLineage[] {
  const relations = relationsOf(set, configs);
  const schema = {
    tables: relations.map(({ relation, columns }) => ({
      name: relation,
      columns: columns.map(({ name, type }) => ({ name, type })),
    })),
  };
  const { analysis, error } = analyzeQuery(rendered.sql, { dialect: Dialect.Spark, schema });
  if (analysis === undefined)
    throw new MillraceError(
      'SQL_INVALID',
      `The columns of the query cannot be traced: ${error ?? 'unknown'}.`,
      {
        where: rendered.file,
      },
    );
  const origins = new Map(relations.map(({ relation, origin }) => [relation, origin]));
  const rawColumns = (table: string | null | undefined, column: string): readonly string[] =>
    origins.get(table ?? '')?.(column) ?? [];

  const used = (analysis.columnUses ?? []).flatMap(({ references }) =>
    references.flatMap(({ table, column }) => rawColumns(table, column)),
  );
  const rowsOf = analysis.baseTables.flatMap(({ table }) => rawColumns(table, '*'));
  const features = new Map<string, ColumnLineage>();
  for (const { name, upstream } of analysis.projections) {
    if (name === undefined || name === null || !Object.hasOwn(set.features, name)) continue;
    const direct = upstream.flatMap(({ table, column }) => rawColumns(table, column));
    const sources = [...new Set(direct.length === 0 ? rowsOf : direct)].sort();
    const expression = expressionOf(lineageWithSchema(name, rendered.sql, schema, Dialect.Spark).lineage);
    features.set(name, { feature: name, sources, expression: expression ?? name });
  }
  const lineage = [...features.values()].sort((a, b) => (a.feature < b.feature ? -1 : 1));
  assertNothingSensitive(set, configs, lineage, used);
  return lineage;
}

interface Relation {
  readonly relation: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Raw columns that a column of the relation comes from; `*` asks for its rows. */
  readonly origin: (column: string) => readonly string[];
}

function relationsOf(set: FeatureSetConfig, configs: FeatureConfigs): Relation[] {
  const sources = set.sources.map((name): Relation => {
    const columns = Object.entries(sourceNamed(configs, name).columns).map(([column, type]) => ({
      name: column,
      type,
    }));
    return { relation: sourceRelation(name), columns, origin: (column) => [`${name}.${column}`] };
  });
  const sets = set.feature_sets.map((name): Relation => {
    const upstream = featureSetNamed(configs, name);
    const lineage = columnLineage(upstream, configs, renderSql(upstream, upstream.partition.start));
    const all = [...new Set(lineage.flatMap((feature) => feature.sources))].sort();
    return {
      relation: featureSetRelation(name),
      columns: partitionColumns(upstream, configs),
      origin: (column) => {
        if (column === upstream.entity) return entityOrigins(upstream, configs);
        return column === '*' ? all : (lineage.find((one) => one.feature === column)?.sources ?? []);
      },
    };
  });
  return [...sources, ...sets];
}

function entityOrigins(set: FeatureSetConfig, configs: FeatureConfigs): string[] {
  return set.sources
    .filter((name) => sourceNamed(configs, name).columns[set.entity] !== undefined)
    .map((name) => `${name}.${set.entity}`);
}

/** The expression that makes a column, behind the names that CTEs and subqueries only pass on. */
function expressionOf(node: LineageNode | undefined): string | undefined {
  let at = node;
  while (at !== undefined) {
    const { expression } = at;
    const inner = 'alias' in expression ? expression.alias.this : expression;
    const [next, ...others] = at.downstream;
    if (!('column' in inner) || next === undefined || others.length > 0 || next.source_kind === 'table')
      return generate([inner], Dialect.Spark).sql?.[0];
    at = next;
  }
  return undefined;
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

function sensitiveColumns(set: FeatureSetConfig, configs: FeatureConfigs): Set<string> {
  return new Set(
    set.sources.flatMap((name) => sourceNamed(configs, name).sensitive.map((column) => `${name}.${column}`)),
  );
}
