import { type CodePoints, codePoints, complement, withBothCases } from './code-points.ts';
import { escaped } from './escapes.ts';
import { malformed, type Reader } from './reader.ts';
import { UnsupportedRegex } from './syntax.ts';

/** A class in brackets, after the first bracket. A bracket within brackets is a union, as in Java. */
export function bracket(reader: Reader, ignoreCase: boolean): CodePoints {
  const negated = reader.skip('^');
  const found: (readonly [number, number])[] = [];
  for (let isFirst = true; isFirst || reader.peek() !== ']'; isFirst = false) {
    if (reader.isAtEnd) throw malformed();
    if (reader.peek() === '&' && reader.peek(1) === '&')
      throw new UnsupportedRegex('&& in brackets of a regular expression', 'write the characters out');
    if (reader.skip('[')) {
      if (negated) throw new UnsupportedRegex('Brackets in negated brackets', 'write the characters out');
      found.push(...bracket(reader, ignoreCase));
    } else found.push(...item(reader));
  }
  reader.take();
  const all = ignoreCase ? withBothCases(codePoints(found)) : codePoints(found);
  return negated ? complement(all) : all;
}

function item(reader: Reader): CodePoints {
  const from = one(reader);
  if (typeof from !== 'number') return from;
  if (reader.peek() !== '-' || [']', '[', ''].includes(reader.peek(1))) return [[from, from]];
  reader.take();
  const to = one(reader);
  if (typeof to !== 'number' || to < from) throw malformed();
  return [[from, to]];
}

function one(reader: Reader): number | CodePoints {
  const character = reader.take();
  return character === '\\' ? escaped(reader) : (character.codePointAt(0) ?? 0);
}
