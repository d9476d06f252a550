import type { ConfigSet } from '#configs/config-set.ts';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import type { ModelConfig } from '#configs/model.ts';
import type { SourceConfig } from '#configs/source.ts';
import { dateAt } from '#features/business-time.ts';
import { partitionDates, trainingDates, upstreamDate } from '#features/calendar.ts';
import { knownInFullUntil } from '#features/query/availability.ts';
import type { AppliedConfigs } from '#catalog/applied-configs.ts';
import { sourceNamed } from '#catalog/feature-configs.ts';
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
  now: Date,
): PartitionsWanted[] {
  const before = base.configs;
  const after = afterChange(before, change);
  const needed = neededByModels(after, retrained, now);
  return inOrder(after.featureSets).flatMap((set) => {
    const { dates, because } = ownDates(set, before, after, now);
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
  now: Date,
): { readonly dates: readonly string[]; readonly because: PartitionReason } {
  const dates = allDates(set, now);
  const old = before.featureSets.get(set.name);
  if (old === undefined) return { dates, because: 'new' };
  if (definitionOf(set.name, before) !== definitionOf(set.name, after))
    return { dates, because: 'definition changed' };
  const standing = new Set(allDates(old, now));
  return { dates: dates.filter((date) => !standing.has(date)), because: 'dates changed' };
}

/** Up to today in the time zone of the set. */
function allDates({ partition }: FeatureSetConfig, now: Date): string[] {
  return partitionDates(partition, partition.start, dateAt(now, partition.time_zone));
}

/** The dates that are read of a set below, each once. */
function datesBelow(set: FeatureSetConfig | undefined, dates: readonly string[]): readonly string[] {
  if (set === undefined) return [];
  const read = dates.map((date) => upstreamDate(set.partition, date));
  return [...new Set(read.filter((date) => date !== undefined))];
}

/** Names of models by set and date. The sets that a set reads are needed at the dates that serve it. */
function neededByModels(
  after: ConfigSet,
  retrained: readonly ModelToRetrain[],
  now: Date,
): ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>> {
  const needed = new Map<string, Map<string, Set<string>>>();
  const need = (name: string, dates: readonly string[], model: string): void => {
    const dated = needed.get(name) ?? new Map<string, Set<string>>();
    needed.set(name, dated);
    for (const date of dates) dated.set(date, (dated.get(date) ?? new Set()).add(model));
    for (const upstream of after.featureSets.get(name)?.feature_sets ?? [])
      need(upstream, datesBelow(after.featureSets.get(upstream), dates), model);
  };
  for (const { model: name } of retrained) {
    const model = after.models.get(name);
    const set = model && after.featureSets.get(model.feature_set);
    if (set) need(set.name, datesToTrainOn(model, set, sourceNamed(after, model.label.source), now), name);
  }
  return needed;
}

/** The dates that a training as of today would read. */
function datesToTrainOn(
  model: ModelConfig,
  { partition }: FeatureSetConfig,
  labels: SourceConfig,
  now: Date,
): string[] {
  const zone = partition.time_zone;
  return trainingDates(model, partition, knownInFullUntil(labels, { date: dateAt(now, zone), zone }));
}
