import { type FeatureConfigs, featureSetNamed, sourceNamed } from '#catalog/feature-configs.ts';
import type { ColumnLineage } from '#catalog/lineage.ts';
import { entityColumns } from '#configs/entity.ts';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { CompiledQuery } from '../sql/compile.ts';

/** What a query is computed from, down to raw columns such as `payments.amount`. */
export interface QueryLineage {
  /** Sorted by feature. */
  readonly features: readonly ColumnLineage[];
  /** Raw columns that each column of the entity comes from, sorted. */
  readonly entity: ReadonlyMap<string, readonly string[]>;
  /** Columns of the entity that come from a sensitive one: rows may be joined on them, but people do not see them. */
  readonly sensitiveKeys: readonly string[];
  /** Every raw column that the query or a set that it reads looks at, also only to filter, join or order. Sorted. */
  readonly used: readonly string[];
}

/**
 * Origins of every feature, through CTEs, joins, windows and the sets that the query reads. What is computed from whole
 * rows, such as COUNT(*), comes from `statements.*`. Throws `FEATURE_FROM_SENSITIVE` for a feature of the entity, if that
 * is sensitive.
 */
export function lineageOf(
  set: FeatureSetConfig,
  { columns, used }: CompiledQuery,
  below: readonly QueryLineage[],
  configs: FeatureConfigs,
): QueryLineage {
  const byName = new Map(columns.map((column) => [column.name?.toLowerCase(), column]));
  const features = Object.keys(set.features)
    .toSorted()
    .flatMap((feature): ColumnLineage[] => {
      const column = byName.get(feature.toLowerCase());
      if (column === undefined) return [];
      const expression = (column.text ?? feature).replaceAll(/\s+/g, ' ');
      return [{ feature, sources: [...column.origins].toSorted(), expression }];
    });
  const sensitive = sensitiveBelow(set, configs);
  assertNothingSensitive(set, features, sensitive);
  const originsOf = (name: string) => [...(byName.get(name.toLowerCase())?.origins ?? [])].toSorted();
  const entity = new Map(entityColumns(set).map((name) => [name, originsOf(name)]));
  return {
    features,
    entity,
    sensitiveKeys: [...entity].flatMap(([name, origins]) =>
      origins.some((column) => sensitive.has(column.toLowerCase())) ? [name] : [],
    ),
    used: [...new Set([...used, ...below.flatMap((one) => one.used)])].toSorted(),
  };
}

function assertNothingSensitive(
  set: FeatureSetConfig,
  features: readonly ColumnLineage[],
  sensitive: ReadonlySet<string>,
): void {
  for (const { feature, sources } of features) {
    const found = sources.filter((column) => sensitive.has(column.toLowerCase()));
    if (found.length > 0)
      throw new MillraceError(
        'FEATURE_FROM_SENSITIVE',
        `Feature "${feature}" of "${set.name}" is computed from ${found.join(', ')}.`,
        { where: set.sql, details: { feature, columns: found } },
      );
  }
}

/** Sensitive columns of the sources of a set and of the sets that it reads, in lower case. */
function sensitiveBelow(set: FeatureSetConfig, configs: FeatureConfigs): Set<string> {
  const found = new Set<string>();
  const seen = new Set<string>();
  const visit = (one: FeatureSetConfig): void => {
    if (seen.has(one.name)) return;
    seen.add(one.name);
    for (const name of one.sources)
      for (const column of sourceNamed(configs, name).sensitive) found.add(`${name}.${column}`.toLowerCase());
    for (const name of one.feature_sets) visit(featureSetNamed(configs, name));
  };
  visit(set);
  return found;
}
