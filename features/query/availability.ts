import { Temporal } from '@js-temporal/polyfill';
import type { SourceConfig } from '#configs/source.ts';
import { columnType } from '#configs/source-columns.ts';
import { startOf } from '../business-time.ts';

/** A date (`YYYY-MM-DD`) in a business time zone. */
export interface BusinessDate {
  readonly date: string;
  readonly zone: string;
}

/** The first known time that is too late: a date for a column of dates, an instant for one of timestamps. */
export type KnownBefore =
  | { readonly type: 'date'; readonly date: string }
  | { readonly type: 'timestamp'; readonly instant: Temporal.Instant };

/**
 * The rule of what is known: features, labels and fairness attributes of a date see the rows of a source that were delivered
 * before the date began in the business time zone, which is when its label window begins. A row is delivered
 * 1. at its known time; one that is known on a date, at the end of that date;
 * 2. with `cut_off`, at the first cut-off at or after its known time; one that is known on a date, at the cut-off of that date;
 * 3. with `lag`, that much later.
 * Later rows never change the answer for a date.
 */
export function knownBefore(source: SourceConfig, at: BusinessDate): KnownBefore {
  const delivery = lastDelivery(source, at);
  if (columnType(source, source.known_time) !== 'date')
    return { type: 'timestamp', instant: delivery.toInstant() };
  const day = delivery.toPlainDate();
  const late = source.availability?.cut_off === undefined ? day : day.add({ days: 1 });
  return { type: 'date', date: late.toString() };
}

/**
 * The last date before which all facts of a source were known at the given one: label windows that end by then can be
 * labelled. A fact may become known `reported_within` after it happened.
 */
export function knownInFullUntil(source: SourceConfig, at: BusinessDate): string {
  const within = source.availability?.reported_within;
  return earlierBy(lastDelivery(source, at), within).toPlainDate().toString();
}

/** Before this instant, everything delivered by the beginning of the date had become known. */
function lastDelivery(source: SourceConfig, { date, zone }: BusinessDate) {
  const { availability, known_time } = source;
  const arrived = beforeStart(date, zone, availability?.lag);
  if (availability?.cut_off !== undefined) return lastAt(availability.cut_off, arrived);
  return columnType(source, known_time) === 'date' ? arrived.startOfDay() : arrived;
}

function lastAt(time: string, until: Temporal.ZonedDateTime): Temporal.ZonedDateTime {
  const on = (day: Temporal.PlainDate) =>
    day.toZonedDateTime({ timeZone: until.timeZoneId, plainTime: Temporal.PlainTime.from(time) });
  const today = on(until.toPlainDate());
  return Temporal.ZonedDateTime.compare(today, until) <= 0
    ? today
    : on(until.toPlainDate().subtract({ days: 1 }));
}

/** The beginning of the date as many days before, or the instant as long before the beginning of this one. */
function beforeStart(date: string, zone: string, lag: string | undefined): Temporal.ZonedDateTime {
  const days = lag?.endsWith('d') === true ? Number(lag.slice(0, -1)) : 0;
  const start = startOf(Temporal.PlainDate.from(date).subtract({ days }).toString(), zone);
  return days > 0 ? start : earlierBy(start, lag);
}

const UNITS = { s: 'seconds', m: 'minutes', h: 'hours', d: 'days' } as const;

/** Days are days of the calendar, whatever the clocks do; other units are elapsed time. */
function earlierBy(from: Temporal.ZonedDateTime, duration: string | undefined): Temporal.ZonedDateTime {
  if (duration === undefined) return from;
  const unit = UNITS[duration.slice(-1) as keyof typeof UNITS];
  return from.subtract({ [unit]: Number(duration.slice(0, -1)) });
}
