import { Temporal } from '@js-temporal/polyfill';
import { CronExpressionParser } from 'cron-parser';

/**
 * The ticks of a schedule, by one rule for every scheduler: a cron line names wall-clock times, and a tick belongs to
 * the date of its wall-clock time. A time that the clocks skip is taken as much later as they jump; of a time that
 * comes twice, the second one counts. So each day that the line names has its ticks, and each day is scored once.
 *
 * Cron lines are those that `configs/rules/schedule-rules.ts` accepts; zones are canonical names.
 */
export interface Tick {
  /** UTC instant. */
  readonly at: string;
  /** `YYYY-MM-DD`. */
  readonly score_date: string;
}

/** A tick whose wall-clock time does not exist on its day. */
export interface SkippedTick extends Tick {
  /** The wall-clock time at which it happens instead. */
  readonly instead: Temporal.PlainDateTime;
}

/** No zone in use jumps further than two hours, so three hours before a shifted tick the old offset still holds. */
const BEFORE_A_JUMP = { hours: 3 };

/** The ticks of one day, in order. */
export function ticksOf(schedule: string, zone: string, date: string): readonly Tick[] {
  return timesOf(schedule, Temporal.PlainDate.from(date)).map((time) => tickAt(time, zone));
}

/**
 * The days of the years `[from, until)` on which the clocks skip every time that the line names, each with its first
 * tick. A scheduler that only looks for matching times would miss these days.
 */
export function skippedTicks(
  schedule: string,
  zone: string,
  years: { readonly from: number; readonly until: number },
): readonly SkippedTick[] {
  return jumpsOf(zone, years).flatMap(({ from, until }) => {
    const isSkipped = (time: Temporal.PlainDateTime): boolean =>
      Temporal.PlainDateTime.compare(time, from) >= 0 && Temporal.PlainDateTime.compare(time, until) < 0;
    return datesFrom(from.toPlainDate(), until.toPlainDate()).flatMap((date) => {
      const times = timesOf(schedule, date);
      const [first] = times;
      if (first === undefined || !times.every(isSkipped)) return [];
      const tick = tickAt(first, zone);
      return [{ ...tick, instead: zoned(tick.at, zone).toPlainDateTime() }];
    });
  });
}

/**
 * The date that a tick belongs to: that of its wall-clock time, also where the clocks skipped it. Null for the first of
 * two passes of a time that the line names: a scheduler may start a run at both, and the second one counts.
 */
export function scoreDateOfTick(schedule: string, zone: string, at: string): string | null {
  const tick = zoned(at, zone).round({ smallestUnit: 'minute', roundingMode: 'floor' });
  const shown = tick.toPlainDateTime();
  if (comesAgain(tick) && isNamed(schedule, shown)) return null;
  const jump = tick.offsetNanoseconds - tick.subtract(BEFORE_A_JUMP).offsetNanoseconds;
  const skipped = shown.subtract({ nanoseconds: Math.max(0, jump) });
  const named = !isNamed(schedule, shown) && jump > 0 && isNamed(schedule, skipped) ? skipped : shown;
  return named.toPlainDate().toString();
}

function comesAgain(tick: Temporal.ZonedDateTime): boolean {
  const last = tick.toPlainDateTime().toZonedDateTime(tick.timeZoneId, { disambiguation: 'later' });
  return last.epochMilliseconds > tick.epochMilliseconds;
}

interface Jump {
  /** The first wall-clock time that the clocks skip, and the first one after it. */
  readonly from: Temporal.PlainDateTime;
  readonly until: Temporal.PlainDateTime;
}

function jumpsOf(zone: string, years: { readonly from: number; readonly until: number }): readonly Jump[] {
  const jumps: Jump[] = [];
  let at: Temporal.ZonedDateTime | null = Temporal.ZonedDateTime.from({
    year: years.from,
    month: 1,
    day: 1,
    timeZone: zone,
  });
  while ((at = at.getTimeZoneTransition('next')) !== null && at.year < years.until) {
    const before = at.subtract({ nanoseconds: 1 });
    const from = at.toInstant().toZonedDateTimeISO(before.offset).toPlainDateTime();
    if (at.offsetNanoseconds > before.offsetNanoseconds) jumps.push({ from, until: at.toPlainDateTime() });
  }
  return jumps;
}

function datesFrom(from: Temporal.PlainDate, until: Temporal.PlainDate): readonly Temporal.PlainDate[] {
  return Array.from({ length: from.until(until).days + 1 }, (_, days) => from.add({ days }));
}

/** The wall-clock times of a date that a line names. */
function timesOf(schedule: string, date: Temporal.PlainDate): readonly Temporal.PlainDateTime[] {
  const times: Temporal.PlainDateTime[] = [];
  const midnight = date.toPlainDateTime();
  for (let time = nextTime(schedule, midnight); time.toPlainDate().equals(date);) {
    times.push(time);
    time = nextTime(schedule, time.add({ minutes: 1 }));
  }
  return times;
}

function isNamed(schedule: string, time: Temporal.PlainDateTime): boolean {
  return nextTime(schedule, time).equals(time);
}

/** The first time that a line names, from a time on. UTC stands for the wall clock, since it has no gaps. */
function nextTime(schedule: string, from: Temporal.PlainDateTime): Temporal.PlainDateTime {
  const currentDate = new Date(from.toZonedDateTime('UTC').epochMilliseconds - 1);
  const next = CronExpressionParser.parse(schedule, { tz: 'UTC', currentDate }).next().getTime();
  return Temporal.Instant.fromEpochMilliseconds(next).toZonedDateTimeISO('UTC').toPlainDateTime();
}

function tickAt(time: Temporal.PlainDateTime, zone: string): Tick {
  const { epochMilliseconds } = time.toZonedDateTime(zone, { disambiguation: 'later' });
  return { at: new Date(epochMilliseconds).toISOString(), score_date: time.toPlainDate().toString() };
}

function zoned(at: string, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.from(at).toZonedDateTimeISO(zone);
}
