import { SIMPLE_TYPES } from '#configs/types/parse-type.ts';
import { readType } from '#configs/types/type-grammar.ts';
import { invalid, unproven } from '../fault.ts';
import { fieldNames, type SimpleKind, type SqlType } from '../types.ts';
import type { Cursor } from './cursor.ts';
import { name } from './names.ts';

/** A type as in CAST: `decimal(10, 2)`, `array<int>`, `map<string, int>`, `struct<a: int>`. */
export function typeOf(cursor: Cursor): SqlType {
  const { at } = cursor;
  const type = readType<SimpleKind>(
    {
      take: () => cursor.take(),
      skip: (symbol) => cursor.skip(symbol),
      expect: (symbol) => cursor.expect(symbol),
      expectAngle: () => cursor.expectAngle(),
      wholeNumber: () => wholeNumber(cursor),
      fieldName: () => name(cursor),
      invalid,
      unsupported: unproven,
    },
    SIMPLE_TYPES,
  );
  for (const fields of fieldNames(type)) {
    const lower = fields.map((field) => field.toLowerCase());
    const twice = fields.find((_, index) => lower.indexOf(lower[index] ?? '') < index);
    if (twice !== undefined) throw invalid(`A struct has two fields "${twice}".`, at);
  }
  return type;
}

export function wholeNumber(cursor: Cursor): number {
  const { token } = cursor;
  if (token.kind !== 'number' || !/^\d{1,9}$/.test(token.text)) throw cursor.unexpected('a whole number');
  return Number(cursor.take().text);
}
