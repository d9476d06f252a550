import type { SelectItem } from '../syntax.ts';
import type { Cursor } from './cursor.ts';
import { alias, names } from './names.ts';

/** An expression with its alias, in a select list or a PIVOT. */
export function item(cursor: Cursor): SelectItem {
  const { at } = cursor;
  const of = cursor.expression();
  const text = cursor.textFrom(at);
  if (cursor.is('AS', '(')) {
    cursor.take();
    return { at, of, text, aliases: names(cursor), end: cursor.lastEnd };
  }
  const one = alias(cursor);
  return { at, of, text, aliases: one === undefined ? [] : [one], end: cursor.lastEnd };
}
