import { partsOf } from '../analyse/parts.ts';
import { invalid } from '../fault.ts';
import type { Typed } from '../typed.ts';

/** Most characters of SQL that one expression may become, of which an alias that is used again and again makes many. */
const MAX_EXPRESSION = 4_000_000;

/** Most characters of SQL that a query may become. */
const MAX_QUERY = 16_000_000;

/** Throws `SQL_INVALID` at the expression if its SQL is too long. */
export function boundedExpression(sql: string, of: Typed): string {
  if (sql.length > MAX_EXPRESSION) throw tooLong(of);
  return sql;
}

/** Throws `SQL_INVALID` if a query, or a part of one, is too long; its place is the start, because all of it is meant. */
export function bounded(sql: string): string {
  if (sql.length > MAX_QUERY) throw tooLong();
  return sql;
}

/** Prints expressions until they are too long together. */
export function printAll<T>(
  items: readonly T[],
  print: (item: T) => string,
  of: (item: T) => Typed,
): string[] {
  let length = 0;
  return items.map((item) => {
    const sql = print(item);
    length += sql.length;
    if (length > MAX_QUERY) throw tooLong(of(item));
    return sql;
  });
}

function tooLong(of?: Typed): Error {
  return invalid(
    'The query is too long when every alias in it is written out; use subqueries.',
    of === undefined ? 0 : placeOf(of),
  );
}

/** Where an expression stands; only columns and constants, which are short, have no place. */
function placeOf(value: Typed): number {
  if ('at' in value) return value.at;
  const [first] = partsOf(value);
  return first === undefined ? 0 : placeOf(first);
}
