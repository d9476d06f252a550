import type { ConfigSet } from '#configs/config-set.ts';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import { labelDates, partitionDates } from '#features/calendar.ts';
import type { AppliedConfigs } from '#catalog/applied-configs.ts';
import { afterChange, type ConfigChange } from '#catalog/config-change.ts';
import { definitionOf, inOrder } from './config-views.ts';
import type { ModelToRetrain } from './models-to-retrain.ts';

export type PartitionReason = 'new' | 'definition changed' | 'dates changed' | `needed by ${string}`;

/** Partitions of one set that the documents need, committed or not. */
export interface PartitionsWanted {
  readonly feature_set: string;
  readonly definition_digest: string;
  /** `YYYY-MM-DD`, ascending, at least one. */
  readonly dates: readonly string[];
  readonly because: PartitionReason;
}

/**
 * By set: all dates of new and redefined sets, the added dates of the others, and the dates that the models to retrain
 * would read, as of today, from unchanged sets.
 */
export function partitionsWanted(
  base: AppliedConfigs,
  change: ConfigChange,
  retrained: readonly ModelToRetrain[],
  today: string,
): PartitionsWanted[] {
  const before = base.configs;
  const after = afterChange(before, change);
  const needed = neededByModels(after, retrained, today);
  return inOrder(after.featureSets).flatMap((set) => {
    const { dates, because } = ownDates(set, before, after, today);
    const own = new Set(dates);
    const others = [...(needed.get(set.name) ?? [])]
      .filter(([date]) => !own.has(date))
      .toSorted(([a], [b]) => (a < b ? -1 : 1));
    const models = [...new Set(others.flatMap(([, names]) => [...names]))].toSorted();
    return [
      { dates, because },
      { dates: others.map(([date]) => date), because: `needed by ${models.join(', ')}` as const },
    ].flatMap((wanted) =>
      wanted.dates.length === 0
        ? []
        : [{ feature_set: set.name, definition_digest: definitionOf(set.name, after), ...wanted }],
    );
  });
}

function ownDates(
  set: FeatureSetConfig,
  before: ConfigSet,
  after: ConfigSet,
  today: string,
): { readonly dates: readonly string[]; readonly because: PartitionReason } {
  const dates = allDates(set, today);
  const old = before.featureSets.get(set.name);
  if (old === undefined) return { dates, because: 'new' };
  if (definitionOf(set.name, before) !== definitionOf(set.name, after))
    return { dates, because: 'definition changed' };
  const standing = new Set(allDates(old, today));
  return { dates: dates.filter((date) => !standing.has(date)), because: 'dates changed' };
}

function allDates({ partition }: FeatureSetConfig, today: string): string[] {
  return partitionDates(partition, partition.start, today);
}

/** Names of models by set and date. The sets that a set reads are needed at the same dates. */
function neededByModels(
  after: ConfigSet,
  retrained: readonly ModelToRetrain[],
  today: string,
): ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>> {
  const needed = new Map<string, Map<string, Set<string>>>();
  const need = (name: string, dates: readonly string[], model: string): void => {
    const dated = needed.get(name) ?? new Map<string, Set<string>>();
    needed.set(name, dated);
    for (const date of dates) dated.set(date, (dated.get(date) ?? new Set()).add(model));
    for (const upstream of after.featureSets.get(name)?.feature_sets ?? []) need(upstream, dates, model);
  };
  for (const { model: name } of retrained) {
    const model = after.models.get(name);
    const set = model && after.featureSets.get(model.feature_set);
    if (set) need(set.name, labelDates(model.label, set.partition, today), name);
  }
  return needed;
}
