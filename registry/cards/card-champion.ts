import { notMeasurable, type NotMeasurable } from './card-value.ts';
import type { TrainingRecord } from '#training/record.ts';
import type { Version } from '../versions/version.ts';

/** The version that a new one would replace. */
export type Champion = Pick<Version, 'version' | 'metrics' | 'as_of'>;

/** Figures of both versions on their own test rows, and the differences. */
export function championChallenger(
  champion: Champion | undefined,
  { metrics, as_of }: Pick<TrainingRecord, 'metrics' | 'as_of'>,
): NotMeasurable | Readonly<Record<string, unknown>> {
  if (champion === undefined) return notMeasurable('no version was live when this one was registered');
  const shared = Object.keys(metrics).filter((name) => name in champion.metrics);
  return {
    champion: champion.version,
    same_as_of: champion.as_of === as_of,
    champion_metrics: champion.metrics,
    challenger_metrics: metrics,
    difference: Object.fromEntries(
      shared.map((name) => [name, (metrics[name] ?? 0) - (champion.metrics[name] ?? 0)]),
    ),
  };
}
