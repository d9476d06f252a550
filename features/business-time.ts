import { Temporal } from '@js-temporal/polyfill';

/**
 * The instant at which a date (`YYYY-MM-DD`) begins in a time zone. Where the clocks skip midnight, that is the first
 * instant after it; where midnight comes twice, the first one.
 */
export function startOf(date: string, zone: string): Temporal.ZonedDateTime {
  return Temporal.PlainDate.from(date).toZonedDateTime(zone);
}

/** The date of an instant in a time zone. */
export function dateAt(instant: Date, zone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime())
    .toZonedDateTimeISO(zone)
    .toPlainDate()
    .toString();
}

/** Whether a date had begun in a time zone. Everything that a partition of the date may see is known from then on. */
export function hasBegun(date: string, zone: string, now: Date): boolean {
  return startOf(date, zone).epochMilliseconds <= now.getTime();
}
