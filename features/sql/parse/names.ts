import type { Cursor } from './cursor.ts';

/** Words that end an expression or a relation, so they cannot be an alias unless they stand in backticks. */
const NOT_AN_ALIAS = new Set(
  (
    'ALL AND ANTI ASC AS BETWEEN BY CASE CLUSTER CROSS DESC DISTRIBUTE DIV ELSE END ESCAPE EXCEPT FETCH FILTER FOR FROM FULL ' +
    'GROUP HAVING ILIKE IN INNER INTERSECT IS JOIN LATERAL LEFT LIKE LIMIT MINUS NATURAL NOT NULLS OFFSET ON OR ORDER ' +
    'OVER PIVOT QUALIFY REGEXP RIGHT RLIKE SELECT SEMI SETMINUS SORT TABLESAMPLE THEN UNION UNPIVOT USING WHEN WHERE WINDOW WITH ' +
    'ROWS RANGE ASOF POSITIONAL'
  ).split(' '),
);

/** Words that cannot be the name of a column or a table unless they stand in backticks. */
const NOT_A_NAME = new Set(
  (
    'ALL AND ANTI AS BETWEEN CASE CROSS DISTINCT DIV ELSE END ESCAPE EXCEPT EXISTS FROM FULL GROUP HAVING IN INNER INTERSECT ' +
    'IS JOIN LATERAL LEFT LIKE LIMIT MINUS NATURAL NOT NULL ON OR ORDER QUALIFY RIGHT RLIKE SELECT SEMI SETMINUS THEN UNION USING WHEN ' +
    'WHERE WITH'
  ).split(' '),
);

export function isName(cursor: Cursor, ahead = 0): boolean {
  const token = cursor.peek(ahead);
  return token.kind === 'quoted' || (token.kind === 'word' && !NOT_A_NAME.has(token.upper));
}

export function name(cursor: Cursor, what = 'a name'): string {
  if (!isName(cursor)) throw cursor.unexpected(what);
  return cursor.take().text;
}

/** `AS x`, or `x` alone where no keyword can be meant. */
export function alias(cursor: Cursor): string | undefined {
  if (cursor.skip('AS')) return name(cursor, 'a name after AS');
  const { token } = cursor;
  if (token.kind === 'quoted') return cursor.take().text;
  return token.kind === 'word' && !NOT_AN_ALIAS.has(token.upper) ? cursor.take().text : undefined;
}

export function names(cursor: Cursor): string[] {
  return cursor.bracketed(() => cursor.list(() => name(cursor)));
}
