import type { FeatureSetConfig } from '#configs/feature-set.ts';
import type { ModelConfig } from '#configs/model.ts';
import { daysBetween, FIRST_PARTITION_DATE, LAST_PARTITION_DATE } from '#configs/partition-dates.ts';

/** Dates are `YYYY-MM-DD`, compared as text. Pure and free of Node modules, so that workflows can use it. */
export type PartitionCalendar = Pick<FeatureSetConfig['partition'], 'grain' | 'start' | 'max_staleness'> & {
  readonly end?: string | undefined;
};

const DAY_MS = 86_400_000;

/** Partition dates in `[from, to]`, both inclusive, oldest first; none outside the set's own start and end. */
export function partitionDates(partition: PartitionCalendar, from: string, to: string): string[] {
  const { first, last } = stepsBetween(partition, from, to);
  return datesOf(partition.grain, first, last);
}

/** The last of `partitionDates`, without listing them. */
export function lastPartitionDate(
  partition: PartitionCalendar,
  from: string,
  to: string,
): string | undefined {
  const { first, last } = stepsBetween(partition, from, to);
  return first > last ? undefined : dateOf(partition.grain, last);
}

export function isPartitionDate(partition: PartitionCalendar, dt: string): boolean {
  const { first, last } = stepsBetween(partition, dt, dt);
  return first === last && dateOf(partition.grain, first) === dt;
}

/** Partition dates that may serve `scoreDate`: not after it and at most `max_staleness` old. Newest first. */
export function servingDates(partition: PartitionCalendar, scoreDate: string): string[] {
  return partitionDates(partition, oldestServing(partition, scoreDate), scoreDate).reverse();
}

/**
 * The date of a set that another one reads at its own date `dt`: the newest that may serve `dt`. That is `dt` itself unless the set
 * read is the coarser one; everything that its partition may see was known when `dt` began, since that date began no later.
 */
export function upstreamDate(upstream: PartitionCalendar, dt: string): string | undefined {
  return lastPartitionDate(upstream, oldestServing(upstream, dt), dt);
}

function oldestServing({ max_staleness }: PartitionCalendar, scoreDate: string): string {
  return addDays(scoreDate, -Number(max_staleness.slice(0, -1)));
}

/**
 * Partition dates that a training uses if label windows are known in full up to `knownUntil`: the newest `label.window` dates
 * whose label window `[dt, dt + horizon)` has ended by then. The dates before those that an out-of-time split holds out leave
 * a gap, so that no label that is trained on comes from the time of the held-out features or later. Oldest first; fewer, or
 * none, if the set has not enough of them.
 */
export function trainingDates(
  { label, split }: Pick<ModelConfig, 'label' | 'split'>,
  partition: PartitionCalendar,
  knownUntil: string,
): string[] {
  if (split.kind === 'by_entity') return labelDates(label, partition, knownUntil);
  const { horizon, window } = label;
  const heldOut = labelDates({ horizon, window: split.test_dates }, partition, knownUntil);
  const [first] = heldOut;
  if (first === undefined) return [];
  return [...labelDates({ horizon, window: window - split.test_dates }, partition, first), ...heldOut];
}

/** The newest `window` dates whose label window has ended by a date. Oldest first. */
export function labelDates(
  label: Pick<ModelConfig['label'], 'horizon' | 'window'>,
  partition: PartitionCalendar,
  asOf: string,
): string[] {
  const { grain, start } = partition;
  const { first, last } = stepsBetween(partition, start, asOf);
  let mature = last;
  while (mature >= first && labelEnd(dateOf(grain, mature), label.horizon) > asOf) mature -= 1;
  return datesOf(grain, Math.max(first, mature - label.window + 1), mature);
}

/** First date after the label period of `dt`: `dt` + horizon, such as `1 month` or `30 days`. */
export function labelEnd(dt: string, horizon: string): string {
  const [count = '', unit = ''] = horizon.split(' ');
  return unit.startsWith('month') ? addMonths(dt, Number(count)) : addDays(dt, Number(count));
}

/** Number of days in `[from, to]`, both included; 0 or less if `from` is after `to`. */
export function daysIn(from: string, to: string): number {
  return daysBetween(from, to) + 1;
}

/** Stays within the years 0000 to 9999, so that dates compare as text. */
export function addDays(date: string, days: number): string {
  return dayOf(utc(date) / DAY_MS + days);
}

/** The same day of the month `months` later, or the last day of a shorter month. Stays within the years 0000 to 9999. */
export function addMonths(date: string, months: number): string {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  const lastDay = monthStart(year * 12 + month + months) - 1;
  const firstDay = monthStart(year * 12 + month - 1 + months);
  return dayOf(Math.min(firstDay + day - 1, lastDay));
}

/**
 * The partition dates in `[from, to]` as numbers that grow by 1 from date to date: days since 1970, or months since the year 0.
 * None if `first` is greater than `last`.
 */
function stepsBetween(
  partition: PartitionCalendar,
  from: string,
  to: string,
): { readonly first: number; readonly last: number } {
  const { grain, start, end = LAST_PARTITION_DATE } = partition;
  const since = later(later(from, start), FIRST_PARTITION_DATE);
  const until = earlier(earlier(to, end), LAST_PARTITION_DATE);
  if (since > until) return { first: 0, last: -1 };
  if (grain === 'day') return { first: utc(since) / DAY_MS, last: utc(until) / DAY_MS };
  return { first: monthOf(since) + (since.endsWith('-01') ? 0 : 1), last: monthOf(until) };
}

function datesOf(grain: PartitionCalendar['grain'], first: number, last: number): string[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => dateOf(grain, first + index));
}

function dateOf(grain: PartitionCalendar['grain'], step: number): string {
  return dayOf(grain === 'day' ? step : monthStart(step));
}

function monthOf(date: string): number {
  return Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1;
}

/** Days since 1970 of the first day of a month that is counted from the year 0. */
function monthStart(month: number): number {
  const inside = Math.min(Math.max(month, 0), 12 * 10_000);
  const day = new Date(0);
  // `Date.UTC` takes the years 0 to 99 for 1900 to 1999.
  day.setUTCFullYear(Math.floor(inside / 12), inside % 12, 1);
  return day.getTime() / DAY_MS;
}

const FIRST_DAY = utc('0000-01-01') / DAY_MS;
const LAST_DAY = utc('9999-12-31') / DAY_MS;

/** `day`: since 1970. */
function dayOf(day: number): string {
  const inside = Math.min(Math.max(day, FIRST_DAY), LAST_DAY);
  return new Date(inside * DAY_MS).toISOString().slice(0, 10);
}

function utc(date: string): number {
  return Date.parse(`${date}T00:00:00.000Z`);
}

function later(a: string, b: string): string {
  return a > b ? a : b;
}

function earlier(a: string, b: string): string {
  return a < b ? a : b;
}
