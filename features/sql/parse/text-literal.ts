import { invalid } from '../fault.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  b: '\b',
  n: '\n',
  r: '\r',
  t: '\t',
  Z: '\u001a',
  // Kept with the backslash, because LIKE patterns need it.
  '%': '\\%',
  _: '\\_',
};

const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([01][0-7]{2})|([\s\S]))/g;

/** The value of a string literal in quotes (Spark 4.0, `SparkParserUtils.unescapeSQLString`). */
export function unescaped(literal: string, at: number): string {
  const value = literal
    .slice(1, -1)
    .replaceAll(
      ESCAPE,
      (_whole, short?: string, long?: string, octal?: string, character?: string): string => {
        if (short !== undefined) return String.fromCharCode(Number.parseInt(short, 16));
        if (long !== undefined) return fromCode(long, at);
        if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
        return ESCAPES[character ?? ''] ?? character ?? '';
      },
    );
  if (!value.isWellFormed()) throw invalid('A string holds half of a surrogate pair.', at);
  return value;
}

function fromCode(hex: string, at: number): string {
  const code = Number.parseInt(hex, 16);
  if (code > 0x10_ff_ff) throw invalid(`\\U${hex} is not a character.`, at);
  return String.fromCodePoint(code);
}

/** The value of a raw string such as `r'\d+'`. */
export function rawText(literal: string): string {
  return literal.slice(2, -1);
}
