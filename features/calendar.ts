import type { FeatureSetConfig } from '#configs/feature-set.ts';
import type { ModelConfig } from '#configs/model.ts';

/** Dates are `YYYY-MM-DD`, compared as text. Pure and free of Node modules, so that workflows can use it. */
export type PartitionCalendar = Pick<FeatureSetConfig['partition'], 'grain' | 'start' | 'max_staleness'> & {
  readonly end?: string | undefined;
};

const DAY_MS = 86_400_000;

/** Partition dates in `[from, to]`, both inclusive, oldest first; none outside the set's own start and end. */
export function partitionDates(partition: PartitionCalendar, from: string, to: string): string[] {
  const first = later(from, partition.start);
  const last = partition.end === undefined ? to : earlier(to, partition.end);
  const dates: string[] = [];
  let date = ceilToGrain(partition.grain, first);
  while (date <= last) {
    dates.push(date);
    date = partition.grain === 'day' ? addDays(date, 1) : addMonths(date, 1);
  }
  return dates;
}

export function isPartitionDate(partition: PartitionCalendar, dt: string): boolean {
  return partitionDates(partition, dt, dt).length === 1;
}

/** Partition dates that may serve `scoreDate`: not after it and at most `max_staleness` old. Newest first. */
export function servingDates(partition: PartitionCalendar, scoreDate: string): string[] {
  const oldest = addDays(scoreDate, -Number(partition.max_staleness.slice(0, -1)));
  return partitionDates(partition, oldest, scoreDate).reverse();
}

/**
 * Partition dates that a training as of `asOf` uses: the newest `label.window` dates whose label period `[dt, dt +
 * horizon)` has ended by `asOf`. Oldest first; fewer, or none, if the set has not enough of them.
 */
export function labelDates(
  label: Pick<ModelConfig['label'], 'horizon' | 'window'>,
  partition: PartitionCalendar,
  asOf: string,
): string[] {
  const mature = partitionDates(partition, partition.start, asOf).filter(
    (dt) => labelEnd(dt, label.horizon) <= asOf,
  );
  return mature.slice(-label.window);
}

/** First date after the label period of `dt`: `dt` + horizon, such as `1 month` or `30 days`. */
export function labelEnd(dt: string, horizon: string): string {
  const [count = '', unit = ''] = horizon.split(' ');
  return unit.startsWith('month') ? addMonths(dt, Number(count)) : addDays(dt, Number(count));
}

export function addDays(date: string, days: number): string {
  return new Date(utc(date) + days * DAY_MS).toISOString().slice(0, 10);
}

/** The same day of the month `months` later, or the last day of a shorter month. */
export function addMonths(date: string, months: number): string {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  const lastDay = new Date(Date.UTC(year, month - 1 + months + 1, 0));
  return new Date(Date.UTC(year, month - 1 + months, Math.min(day, lastDay.getUTCDate())))
    .toISOString()
    .slice(0, 10);
}

function ceilToGrain(grain: PartitionCalendar['grain'], date: string): string {
  if (grain === 'day' || date.endsWith('-01')) return date;
  return addMonths(`${date.slice(0, 7)}-01`, 1);
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
