import type { Expression, Values } from '../syntax.ts';
import type { Cursor } from './cursor.ts';

export function values(cursor: Cursor): Values {
  const { at } = cursor;
  cursor.expect('VALUES');
  const rows = cursor.list(() => cursor.attempt(() => rowOf(cursor)) ?? [cursor.expression()]);
  return { kind: 'values', at, rows };
}

function rowOf(cursor: Cursor): Expression[] | undefined {
  if (!cursor.skip('(')) return undefined;
  const items = cursor.list(() => cursor.expression());
  return cursor.skip(')') &&
    (cursor.isOneOf([',', ')', ';', 'UNION', 'ORDER', 'LIMIT', 'AS']) || cursor.token.kind !== 'symbol')
    ? items
    : undefined;
}
