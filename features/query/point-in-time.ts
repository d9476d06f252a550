import type { SourceConfig } from '#configs/source.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { addDays } from '../calendar.ts';
import { INPUT } from '../engines/engine.ts';
import { dateLiteral, identifier, timestampLiteral } from './sql-literal.ts';

/** Dates are `YYYY-MM-DD`. */
export interface KnownBounds {
  /** Only rows whose known time is on or before this date. */
  readonly knownOn: string;
  /** Only facts whose event time is before this date. */
  readonly before?: string;
  /** Only facts whose event time is on or after this date. */
  readonly from?: string;
}

const RANK = 'millrace_rank';

/**
 * Spark SQL for the rows of a source, the `INPUT` of a relation, as they were known on a date:
 * 1. ignore rows whose known time is after the date;
 * 2. of several rows with the same keys, the one known last is the fact; equal known times are decided by the other columns,
 *    so that the answer never depends on the order of files;
 * 3. of these facts, those within the bounds of event time. A correction that moves a fact to another time does not duplicate it.
 * A row without a known time counts as never known. Timestamps are interpreted in UTC.
 */
export function knownRows(source: SourceConfig, bounds: KnownBounds, columns: readonly string[]): string {
  const known = identifier(source.known_time);
  const keys = source.keys.map(identifier);
  const others = Object.keys(source.columns)
    .filter((name) => name !== source.known_time && !source.keys.includes(name))
    .sort()
    .map(identifier);
  const order = [known, ...others].map((column) => `${column} DESC NULLS LAST`).join(', ');
  const inside = [`${identifier(RANK)} = 1`, ...eventBounds(source, bounds)].join(' AND ');
  return [
    `SELECT ${columns.map(identifier).join(', ')} FROM (`,
    `SELECT *, ROW_NUMBER() OVER (PARTITION BY ${keys.join(', ')} ORDER BY ${order}) AS ${identifier(RANK)}`,
    `FROM ${INPUT}`,
    `WHERE ${known} < ${timeLiteral(source, source.known_time, addDays(bounds.knownOn, 1))}`,
    `) AS known WHERE ${inside}`,
  ].join(' ');
}

function eventBounds(source: SourceConfig, { before, from }: KnownBounds): string[] {
  const time = source.event_time;
  if (time === undefined) return [];
  const column = identifier(time);
  return [
    ...(before === undefined ? [] : [`${column} < ${timeLiteral(source, time, before)}`]),
    ...(from === undefined ? [] : [`${column} >= ${timeLiteral(source, time, from)}`]),
  ];
}

function timeLiteral(source: SourceConfig, column: string, date: string): string {
  const type = source.columns[column];
  if (type === 'date') return dateLiteral(date);
  if (type === 'timestamp') return timestampLiteral(date);
  throw new MillraceError(
    'SOURCE_TIME_INVALID',
    `Column "${column}" orders source "${source.name}" in time, but it is ${type ?? 'not declared'}.`,
    { details: { source: source.name, column, type: type ?? null } },
  );
}
