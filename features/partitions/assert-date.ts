import type { FeatureSetConfig } from '#configs/feature-set.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { hasBegun } from '../business-time.ts';
import { isPartitionDate } from '../calendar.ts';

/** Throws `PARTITION_DATE_INVALID` for a date on which the set has no partition. */
export function assertPartitionDate({ name, partition }: FeatureSetConfig, dt: string): void {
  if (isPartitionDate(partition, dt)) return;
  throw new MillraceError('PARTITION_DATE_INVALID', `"${name}" has no partition at ${dt}.`, {
    details: { dt, partition },
  });
}

/** Throws `DATE_IN_FUTURE` until the date has begun, when everything that its partition may use is known. */
export function assertBegun({ partition: { time_zone } }: FeatureSetConfig, dt: string, now: Date): void {
  if (hasBegun(dt, time_zone, now)) return;
  throw new MillraceError('DATE_IN_FUTURE', `${dt} has not begun in ${time_zone}.`, {
    details: { dt, time_zone },
  });
}
