import { entityColumns, entityForm } from '#configs/entity.ts';
import { columnOf } from '#configs/fairness.ts';
import { positiveValues } from '#configs/label.ts';
import type { ModelConfig } from '#configs/model.ts';
import { columnType } from '#configs/source-columns.ts';
import { type FeatureConfigs, featureSetNamed, sourceNamed } from '#catalog/feature-configs.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { labelEnd } from '#features/calendar.ts';
import { knownInFullUntil } from '#features/query/availability.ts';
import type { PartitionRef } from '#features/partitions/partition.ts';
import type { FramePlan } from './frame-query.ts';

/** Selects the rows of a frame. */
export interface FrameChoice {
  readonly model: ModelConfig;
  readonly configs: FeatureConfigs;
  /** Committed partitions of the model's feature set, one per date. */
  readonly partitions: readonly PartitionRef[];
  /** The frame contains no label that was not known when this date began. `YYYY-MM-DD`. */
  readonly asOf: string;
}

/** Derives the joins of a frame from the configs. Throws `LABEL_INVALID`, `LABEL_NOT_MATURE`, `FAIRNESS_INVALID`. */
export function planFrame({ model, configs, partitions, asOf }: FrameChoice): FramePlan {
  const set = featureSetNamed(configs, model.feature_set);
  const { horizon, column, absent } = model.label;
  const positive = positiveValues(model.label);
  const label = sourceNamed(configs, model.label.source);
  for (const name of [...entityColumns(set), column, label.event_time])
    if (name === undefined || columnType(label, name) === undefined)
      throw new MillraceError(
        'LABEL_INVALID',
        `Source "${label.name}" has no ${name === undefined ? 'event time' : `column "${name}"`} to label "${set.name}" with.`,
        { details: { model: model.name, source: label.name, entity: entityForm(set) } },
      );
  const at = { date: asOf, zone: set.partition.time_zone };
  const known = knownInFullUntil(label, at);
  for (const { dt } of partitions)
    if (labelEnd(dt, horizon) > known)
      throw new MillraceError(
        'LABEL_NOT_MATURE',
        `The label window of ${dt} ends on ${labelEnd(dt, horizon)}; on ${asOf}, "${label.name}" is known in full up to ${known}.`,
        { details: { model: model.name, dt, horizon, as_of: asOf, known_until: known } },
      );
  const fairness = model.fairness === undefined ? undefined : sourceNamed(configs, model.fairness.source);
  const attributes = model.fairness?.attributes ?? [];
  const isAttributed = (name: string): boolean =>
    fairness !== undefined && columnType(fairness, name) !== undefined;
  const shared = entityColumns(set).filter(isAttributed);
  const missingKey = shared.length > 0 ? [] : [entityColumns(set).join(' or ')];
  for (const name of fairness === undefined ? [] : [...missingKey, ...attributes.map(columnOf)])
    if (!isAttributed(name))
      throw new MillraceError('FAIRNESS_INVALID', `Source "${fairness?.name}" has no column "${name}".`, {
        details: { model: model.name, column: name },
      });
  return {
    set,
    configs,
    entity: entityColumns(set),
    at,
    dates: partitions.map(({ dt }) => ({ dt, labelEnd: labelEnd(dt, horizon) })),
    label: {
      source: label,
      column,
      ...(positive && { positive }),
      ...(absent !== undefined && { absent }),
    },
    ...(fairness === undefined ? {} : { fairness: { source: fairness, shared, attributes } }),
  };
}
