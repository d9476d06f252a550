import type { SourceConfig } from '#configs/source.ts';
import { columnType, sourceColumn, type SourceColumn, sourceColumns } from '#configs/source-columns.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { startOf } from '../business-time.ts';
import { INPUT } from '../engines/engine.ts';
import { type BusinessDate, knownBefore } from './availability.ts';
import { dateLiteral, identifier, timestampLiteral } from './sql-literal.ts';

export interface KnownBounds {
  /** Only rows that were delivered before this date began (`knownBefore`). */
  readonly at: BusinessDate;
  /** Only facts that happened before that date began; by default, of any event time. */
  readonly happened?: 'before';
}

/** Columns that a query sees, and those of them that it may read, which decide between rows that were known at one time. */
export interface ReadColumns {
  readonly seen: readonly string[];
  readonly deciding: readonly string[];
}

/** A name that no column can have, since `configs/rules/column-names.ts` refuses its prefix. */
const RANK = 'millrace_rank';

/**
 * Spark SQL for the rows of a source, the `INPUT` of a relation, as they were known on a date:
 * 1. ignore rows that were not delivered by then, and rows without a known time;
 * 2. of several rows with the same keys, the one known last is the fact; of equal known times, the one with the greatest
 *    `sequence`, then with the greatest of the other `columns`, so that the answer never depends on the order of files, nor on
 *    columns that are not read;
 * 3. there is no fact if that row deletes it;
 * 4. of these facts, those within the bounds of event time. A correction that moves a fact to another time does not duplicate it.
 */
export function knownRows(
  source: SourceConfig,
  bounds: KnownBounds,
  read: readonly string[] | ReadColumns,
): string {
  const { seen: columns, deciding } = 'seen' in read ? read : { seen: read, deciding: read };
  const { event_time, deleted, keys, known_time } = source;
  const needed = [...columns, event_time, deleted].filter((column) => column !== undefined);
  const facts = [
    `${identifier(RANK)} = 1`,
    ...(deleted === undefined ? [] : [`(${identifier(deleted)} IS NULL OR ${identifier(deleted)} = FALSE)`]),
    ...(bounds.happened === undefined || event_time === undefined
      ? []
      : [`${identifier(event_time)} < ${startLiteral(source, event_time, bounds.at)}`]),
  ];
  return [
    `SELECT ${columns.map((name) => fromEntries(source, name)).join(', ')} FROM (`,
    `SELECT ${[...new Set(needed)].map(identifier).join(', ')},`,
    `ROW_NUMBER() OVER (PARTITION BY ${keys.map(identifier).join(', ')} ORDER BY ${newestFirst(source, deciding)}) AS ${identifier(RANK)}`,
    `FROM ${inputRows(source)} WHERE ${identifier(known_time)} < ${knownLiteral(source, bounds.at)}`,
    `) AS known WHERE ${facts.join(' AND ')}`,
  ].join(' ');
}

/** Maps have no order, so rows are put in order by their sorted entries, of which the map is made again. */
function inputRows(source: SourceConfig): string {
  const columns = sourceColumns(source);
  if (!columns.some(isMap)) return INPUT;
  const items = columns.map((column) => {
    const name = identifier(column.name);
    return isMap(column) ? `sort_array(map_entries(${name})) AS ${name}` : name;
  });
  return `(SELECT ${items.join(', ')} FROM ${INPUT}) AS of_entries`;
}

function fromEntries(source: SourceConfig, column: string): string {
  const name = identifier(column);
  const declared = sourceColumn(source, column);
  return declared !== undefined && isMap(declared) ? `map_from_entries(${name}) AS ${name}` : name;
}

function isMap({ type }: SourceColumn): boolean {
  return type.startsWith('map<');
}

/** The beginning of a date as a literal to compare a time column with. Throws `SOURCE_TIME_INVALID`. */
export function startLiteral(source: SourceConfig, column: string, { date, zone }: BusinessDate): string {
  if (timeType(source, column) === 'date') return dateLiteral(date);
  return timestampLiteral(startOf(date, zone).toInstant());
}

function knownLiteral(source: SourceConfig, at: BusinessDate): string {
  timeType(source, source.known_time);
  const known = knownBefore(source, at);
  return known.type === 'date' ? dateLiteral(known.date) : timestampLiteral(known.instant);
}

function newestFirst(
  { keys, known_time, sequence, event_time, deleted }: SourceConfig,
  columns: readonly string[],
): string {
  const first = sequence === undefined ? [known_time] : [known_time, sequence];
  const others = [...new Set([...columns, event_time, deleted])]
    .filter((name) => name !== undefined)
    .filter((name) => !first.includes(name) && !keys.includes(name))
    .sort();
  return [...first, ...others].map((column) => `${identifier(column)} DESC NULLS LAST`).join(', ');
}

function timeType(source: SourceConfig, column: string): 'date' | 'timestamp' {
  const type = columnType(source, column);
  if (type === 'date' || type === 'timestamp') return type;
  throw new MillraceError(
    'SOURCE_TIME_INVALID',
    `Column "${column}" orders source "${source.name}" in time, but it is ${type ?? 'not declared'}.`,
    { details: { source: source.name, column, type: type ?? null } },
  );
}
