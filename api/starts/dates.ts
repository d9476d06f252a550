import { MillraceError } from '#errors/millrace-error.ts';
import { dateAt, hasBegun } from '#features/business-time.ts';

/**
 * Rejects a date that has not begun in a time zone: that of the feature set, or, for a score date, that of the schedule. Throws
 * `DATE_IN_FUTURE`.
 */
export function refuseFuture(date: string, zone: string, now: Date): void {
  if (hasBegun(date, zone, now)) return;
  const today = dateAt(now, zone);
  throw new MillraceError(
    'DATE_IN_FUTURE',
    `The date ${date} has not begun in ${zone}, where it is ${today}.`,
    {
      details: { date, latest: today, time_zone: zone },
    },
  );
}
