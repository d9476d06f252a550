import { invalid, unproven } from '../fault.ts';
import type { Body, Cte, Query, SetOperation } from '../syntax.ts';
import { orderBy } from './calls.ts';
import { Cursor } from './cursor.ts';
import { expression, value } from './expressions.ts';
import { name, names } from './names.ts';
import { select } from './select.ts';
import { values } from './values.ts';

/** Parses one query of the feature language. Throws `SqlFault` with the place. */
export function parse(sql: string): Query {
  const cursor = new Cursor(sql, { query, expression, value });
  const parsed = cursor.query();
  let ends = 0;
  while (cursor.skip(';')) ends += 1;
  if (ends > 0 && cursor.token.kind !== 'end')
    throw invalid('The file holds more than one SQL statement; it may hold one.', cursor.at);
  if (cursor.token.kind !== 'end') throw cursor.unexpected('the end of the query');
  return parsed;
}

function query(cursor: Cursor): Query {
  const { at } = cursor;
  const ctes = cursor.skip('WITH') ? commonTables(cursor) : [];
  const body = setOperations(cursor);
  const order = cursor.is('ORDER') ? orderBy(cursor) : [];
  const orderEnd = cursor.lastEnd;
  if (cursor.isOneOf(['SORT', 'CLUSTER', 'DISTRIBUTE']))
    throw unproven(`${cursor.token.upper} BY`, 'use ORDER BY', cursor.at);
  const limit = cursor.skip('LIMIT') ? cursor.expression() : undefined;
  const offset = cursor.skip('OFFSET') ? cursor.expression() : undefined;
  return { kind: 'query', at, ctes, body, orderBy: order, limit, offset, orderEnd };
}

function commonTables(cursor: Cursor): Cte[] {
  if (cursor.is('RECURSIVE')) throw unproven('A recursive query', 'use joins or sequence(…)', cursor.at);
  return cursor.list(() => {
    const { at } = cursor;
    const of = name(cursor, 'a name');
    const columns = cursor.is('(') ? names(cursor) : [];
    cursor.skip('AS');
    return { at, name: of, columns, query: cursor.bracketed(() => cursor.query()) };
  });
}

/** INTERSECT binds tighter than UNION and EXCEPT. */
function setOperations(cursor: Cursor): Body {
  let left = intersections(cursor);
  while (cursor.isOneOf(['UNION', 'EXCEPT', 'MINUS', 'SETMINUS'])) {
    const { at, upper } = cursor.take();
    const all = isAll(cursor);
    left = operation(
      upper === 'UNION' ? 'UNION' : 'EXCEPT',
      at,
      all,
      left,
      cursor.onto(() => intersections(cursor)),
    );
  }
  return left;
}

function intersections(cursor: Cursor): Body {
  let left = term(cursor);
  while (cursor.is('INTERSECT')) {
    const { at } = cursor.take();
    const all = isAll(cursor);
    left = operation(
      'INTERSECT',
      at,
      all,
      left,
      cursor.onto(() => term(cursor)),
    );
  }
  return left;
}

function isAll(cursor: Cursor): boolean {
  if (cursor.skip('ALL')) return true;
  cursor.skip('DISTINCT');
  return false;
}

function operation(
  operator: SetOperation['operator'],
  at: number,
  all: boolean,
  left: Body,
  right: Body,
): SetOperation {
  return { kind: 'set_operation', at, operator, all, left, right };
}

function term(cursor: Cursor): Body {
  if (cursor.is('(')) return cursor.bracketed(() => cursor.query());
  if (cursor.is('VALUES')) return values(cursor);
  if (cursor.is('TABLE') || cursor.is('FROM') || cursor.is('MAP') || cursor.is('REDUCE'))
    throw unproven(`A query that begins with ${cursor.token.upper}`, 'begin with SELECT', cursor.at);
  if (!cursor.is('SELECT')) throw cursor.unexpected('SELECT');
  return select(cursor);
}
