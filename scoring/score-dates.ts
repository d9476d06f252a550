import type { DeployConfig } from '#configs/deploy.ts';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import { hasBegun, startOf } from '#features/business-time.ts';
import { addDays, servingDates } from '#features/calendar.ts';
import { ticksOf } from './ticks.ts';

/**
 * Partition dates that may serve a score date, newest first: those that had begun in the time zone of the features at the first
 * scheduled time of the score date, or now if that is earlier. A backfill therefore scores on the date that the schedule did,
 * also if the schedule's time zone is ahead of that of the features. A date that no time is scheduled for counts to its end.
 */
export function begunServingDates(
  { partition }: Pick<FeatureSetConfig, 'partition'>,
  { schedule, timezone }: Pick<DeployConfig, 'schedule' | 'timezone'>,
  { score_date, now }: { readonly score_date: string; readonly now: Date },
): string[] {
  const [due] = ticksOf(schedule, timezone, score_date);
  const end = startOf(addDays(score_date, 1), timezone).epochMilliseconds;
  const by = new Date(Math.min(due === undefined ? end : Date.parse(due.at), now.getTime()));
  return servingDates(partition, score_date).filter((date) => hasBegun(date, partition.time_zone, by));
}
