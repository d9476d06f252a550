import type { SourceConfig } from '#configs/source.ts';

/**
 * What a date may see of a source, worked out row by row in the most obvious way: the reference for the SQL. Instants are
 * milliseconds; dates are `YYYY-MM-DD`.
 */
export interface HistoryRow {
  readonly id: number;
  readonly amount: number | null;
  /** Date or instant; null if unknown. */
  readonly happened: string | number | null;
  /** Date or instant. */
  readonly loaded: string | number | null;
  readonly seq: number | null;
  readonly gone: boolean | null;
}

export interface At {
  readonly date: string;
  readonly zone: string;
}

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;
const formats = new Map<string, Intl.DateTimeFormat>();
const instants = new Map<string, number>();

/** Local date and time of an instant, such as `2024-03-31 05:00`. */
export function wallClock(instant: number, zone: string): string {
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  formats.set(zone, format);
  return format.format(instant);
}

/** The first quarter of an hour at or after a local time of a date. */
export function instantOf(date: string, zone: string, time = '00:00'): number {
  const key = `${date} ${time} ${zone}`;
  const known = instants.get(key);
  if (known !== undefined) return known;
  let instant = Date.parse(`${date}T00:00:00Z`) - DAY_MS;
  while (wallClock(instant, zone) < `${date} ${time}`) instant += 15 * MINUTE_MS;
  instants.set(key, instant);
  return instant;
}

export function daysLater(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Whether a row was delivered before the date began. */
export function wasKnown(source: SourceConfig, loaded: string | number | null, at: At): boolean {
  if (loaded === null) return false;
  const { lag = '0h', cut_off } = source.availability ?? {};
  const by = lag.endsWith('d')
    ? instantOf(daysLater(at.date, -Number(lag.slice(0, -1))), at.zone)
    : instantOf(at.date, at.zone) - Number(lag.slice(0, -1)) * 60 * MINUTE_MS;
  if (typeof loaded === 'string')
    return (
      (cut_off === undefined
        ? instantOf(daysLater(loaded, 1), at.zone)
        : instantOf(loaded, at.zone, cut_off)) <= by
    );
  if (cut_off === undefined) return loaded < by;
  for (let days = 0; days < 30; days += 1) {
    const delivery = instantOf(daysLater(at.date, -days), at.zone, cut_off);
    if (loaded < delivery && delivery <= by) return true;
  }
  return false;
}

/** Each fact once, by id, as it was known on the date, if it had happened by then. */
export function knownFacts(source: SourceConfig, rows: readonly HistoryRow[], at: At) {
  const facts = new Map<number, HistoryRow>();
  for (const row of rows) {
    if (!wasKnown(source, row.loaded, at)) continue;
    const before = facts.get(row.id);
    if (before === undefined || isNewer(source, row, before)) facts.set(row.id, row);
  }
  return [...facts.values()]
    .filter((row) => source.deleted === undefined || row.gone !== true)
    .filter((row) => source.event_time === undefined || hadHappened(row.happened, at))
    .map(({ id, amount }) => ({ id: String(id), amount }))
    .toSorted((a, b) => Number(a.id) - Number(b.id));
}

function hadHappened(happened: string | number | null, at: At): boolean {
  if (happened === null) return false;
  return typeof happened === 'string' ? happened < at.date : happened < instantOf(at.date, at.zone);
}

function isNewer(source: SourceConfig, a: HistoryRow, b: HistoryRow): boolean {
  const order = [
    'loaded',
    ...(source.sequence === undefined ? [] : ['seq']),
    // Of the other columns only those that are read, by name.
    'amount',
    ...(source.deleted === undefined ? [] : ['gone']),
    ...(source.event_time === undefined ? [] : ['happened']),
  ];
  for (const column of order as (keyof HistoryRow)[]) {
    const [x, y] = [a[column], b[column]];
    if (x === y) continue;
    if (x === null || y === null) return y === null;
    return x > y;
  }
  return false;
}
