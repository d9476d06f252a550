import { MillraceError } from '#errors/millrace-error.ts';

const HOUR_MS = 3_600_000;
/** The earliest time zone is this far ahead of UTC. */
const EARLIEST_ZONE_HOURS = 14;

/**
 * Rejects a date that has not begun in any time zone: the results would be committed permanently under that date with
 * incomplete data. Throws `DATE_IN_FUTURE`.
 */
export function refuseFuture(date: string, now: Date): void {
  const latest = new Date(now.getTime() + EARLIEST_ZONE_HOURS * HOUR_MS).toISOString().slice(0, 10);
  if (date > latest)
    throw new MillraceError('DATE_IN_FUTURE', `The date ${date} has not begun.`, {
      details: { date, latest },
    });
}
