import { invalid, unproven } from '../fault.ts';
import type { Expression, Join, Name, Pivot, Relation } from '../syntax.ts';
import type { Cursor } from './cursor.ts';
import { alias, isName, name, names } from './names.ts';
import { values } from './values.ts';
import { item } from './item.ts';

/** What follows FROM. A comma is a cross join. */
export function relations(cursor: Cursor): Relation {
  let left = joined(cursor);
  for (let at = cursor.at; cursor.skip(','); at = cursor.at)
    left = {
      kind: 'join',
      at,
      type: 'CROSS',
      left,
      right: cursor.onto(() => joined(cursor)),
      on: undefined,
      using: undefined,
    };
  return left;
}

function joined(cursor: Cursor): Relation {
  let left = one(cursor);
  for (;;) {
    const { at } = cursor;
    if (cursor.is('PIVOT', '(')) left = cursor.onto(() => pivot(cursor, left));
    else if (cursor.is('UNPIVOT')) throw unproven('UNPIVOT', 'use LATERAL VIEW stack(…) or a UNION ALL', at);
    else {
      const natural = cursor.skip('NATURAL');
      const type = joinType(cursor);
      if (type === undefined) {
        if (natural) throw cursor.unexpected('JOIN');
        return left;
      }
      const right = cursor.onto(() => one(cursor));
      left = { kind: 'join', at, type, left, right, ...condition(cursor, natural) };
    }
  }
}

function joinType(cursor: Cursor): Join['type'] | undefined {
  if (cursor.skip('JOIN') || cursor.skip('INNER', 'JOIN')) return 'INNER';
  if (cursor.skip('CROSS', 'JOIN')) return 'CROSS';
  for (const side of ['LEFT', 'RIGHT', 'FULL'] as const)
    if (cursor.skip(side, 'OUTER', 'JOIN') || cursor.skip(side, 'JOIN')) return side;
  for (const kind of ['SEMI', 'ANTI'] as const)
    if (cursor.skip('LEFT', kind, 'JOIN') || cursor.skip(kind, 'JOIN')) return kind;
  return undefined;
}

function condition(cursor: Cursor, natural: boolean): Pick<Join, 'on' | 'using'> {
  if (natural) return { on: undefined, using: 'natural' };
  if (cursor.skip('ON')) return { on: cursor.expression(), using: undefined };
  if (cursor.skip('USING')) return { on: undefined, using: names(cursor) };
  return { on: undefined, using: undefined };
}

function one(cursor: Cursor): Relation {
  const { at } = cursor;
  const lateral = cursor.is('LATERAL', '(') && cursor.skip('LATERAL');
  if (cursor.is('(')) return cursor.deeper(() => bracketed(cursor, at, lateral));
  if (cursor.is('VALUES')) {
    const body = values(cursor);
    return {
      kind: 'derived',
      at,
      query: {
        kind: 'query',
        at,
        ctes: [],
        body,
        orderBy: [],
        limit: undefined,
        offset: undefined,
        orderEnd: at,
      },
      lateral,
      ...aliased(cursor),
    };
  }
  return table(cursor, at);
}

function bracketed(cursor: Cursor, at: number, lateral: boolean): Relation {
  const isQuery = (): boolean => {
    let ahead = 0;
    while (cursor.peek(ahead).kind === 'symbol' && cursor.peek(ahead).text === '(') ahead += 1;
    return ['SELECT', 'WITH', 'VALUES'].includes(cursor.peek(ahead).upper);
  };
  cursor.expect('(');
  if (isQuery()) {
    const query = cursor.attempt(() => {
      const found = cursor.query();
      return cursor.skip(')') ? found : undefined;
    });
    if (query !== undefined) return { kind: 'derived', at, query, lateral, ...aliased(cursor) };
  }
  const inner = relations(cursor);
  cursor.expect(')');
  if (aliased(cursor).alias !== undefined)
    throw unproven('A join in brackets with an alias', 'use (SELECT … FROM … JOIN …) AS name', at);
  return inner;
}

function table(cursor: Cursor, at: number): Relation {
  if (cursor.token.kind === 'string') throw invalid(`A table cannot be read by the name of a file.`, at);
  const parts = [name(cursor, 'a table')];
  while (cursor.skip('.')) parts.push(name(cursor, 'a name'));
  if (cursor.is('('))
    throw invalid(
      `The function ${parts.join('.')}(…) stands where a table is expected; tables are read as {{ sources.… }} or {{ features.… }}.`,
      at,
    );
  if (cursor.isOneOf(['TABLESAMPLE', 'VERSION', 'TIMESTAMP']) && isSample(cursor))
    throw invalid(`${cursor.token.upper} gives other rows each time; read the whole table.`, cursor.at);
  return { kind: 'table', at, parts, ...aliased(cursor) };
}

function isSample(cursor: Cursor): boolean {
  return cursor.is('TABLESAMPLE') || ['AS', 'FOR'].includes(cursor.peek(1).upper);
}

function aliased(cursor: Cursor): { alias: string | undefined; columns: string[] } {
  const of = alias(cursor);
  const columns = of !== undefined && cursor.is('(') && isName(cursor, 1) ? names(cursor) : [];
  if (cursor.is('TABLESAMPLE'))
    throw invalid('TABLESAMPLE gives other rows each time; read the whole table.', cursor.at);
  return { alias: of, columns };
}

/** `PIVOT (SUM(x) AS s FOR kind IN ('fee' AS f, 'cash'))`. */
function pivot(cursor: Cursor, of: Relation): Pivot {
  const { at } = cursor.take();
  cursor.expect('(');
  const aggregates = cursor.list(() => item(cursor));
  cursor.expect('FOR');
  if (cursor.is('(')) throw unproven('A PIVOT over several columns', 'pivot over one column', cursor.at);
  const on: Name = { kind: 'name', at: cursor.at, parts: [name(cursor, 'a column')] };
  cursor.expect('IN');
  const list = cursor.bracketed(() =>
    cursor.list((): { of: Expression; alias: string | undefined } => ({
      of: cursor.expression(),
      alias: alias(cursor),
    })),
  );
  cursor.expect(')');
  return { kind: 'pivot', at, of, aggregates, on, values: list, alias: alias(cursor) };
}
