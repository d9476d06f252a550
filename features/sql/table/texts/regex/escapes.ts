import { type CodePoints, complement, ESCAPED_CLASSES, NAMED_CLASSES } from './code-points.ts';
import { malformed, type Reader } from './reader.ts';
import { UnsupportedRegex } from './syntax.ts';

const CONTROL: Readonly<Record<string, number>> = { t: 9, n: 10, r: 13, f: 12, a: 7, e: 27 };

/** A character or a class after a backslash, which has been read. */
export function escaped(reader: Reader): number | CodePoints {
  const found = reader.take();
  if (found === '') throw malformed();
  if (found === 'p' || found === 'P') return named(reader, found === 'P');
  const classOf = ESCAPED_CLASSES[found];
  if (classOf !== undefined) return classOf;
  if (found === 'x' || found === 'u') return coded(reader, found);
  const control = CONTROL[found];
  if (control !== undefined) return control;
  if (/[1-9]/.test(found))
    throw new UnsupportedRegex(
      'A reference to a group in a regular expression',
      'write the alternatives out',
    );
  if (/[A-Za-z0]/.test(found))
    throw new UnsupportedRegex(`\\${found} in a regular expression`, 'write the characters out in brackets');
  return found.codePointAt(0) ?? 0;
}

function coded(reader: Reader, letter: string): number {
  const digits =
    letter === 'u'
      ? reader.match(/^([0-9a-fA-F]{4})/)
      : reader.match(/^(?:([0-9a-fA-F]{2})|\{([0-9a-fA-F]{1,6})\})/);
  if (digits === undefined) throw malformed();
  const code = Number.parseInt(digits[1] ?? digits[2] ?? '', 16);
  if (code > 0x10_ff_ff || (code >= 0xd8_00 && code <= 0xdf_ff))
    throw new UnsupportedRegex('A surrogate in a regular expression', 'write the character itself');
  return code;
}

function named(reader: Reader, negated: boolean): CodePoints {
  const name = reader.match(/^\{(\w+)\}/)?.[1] ?? '';
  const found = NAMED_CLASSES[name];
  if (found === undefined)
    throw new UnsupportedRegex(
      'A class of Unicode in a regular expression',
      'write the characters out in brackets, or use \\p{Alpha} and its like for ASCII',
    );
  if (negated && /^(?:Lower|Upper)$/.test(name))
    throw new UnsupportedRegex(
      `\\P{${name}} in a regular expression`,
      'write the characters out in brackets',
    );
  return negated ? complement(found) : found;
}
