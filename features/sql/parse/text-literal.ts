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
export function unescaped(literal: string): string {
  const quote = literal[0] ?? '';
  // Two quotes are one, as in `'it''s'`; they cannot be confused with an escaped quote, whose backslash comes first.
  const body = literal.slice(1, -1);
  return body
    .split(new RegExp(`(\\\\[\\s\\S]|${quote}${quote})`))
    .map((piece) => (piece === quote + quote ? quote : piece))
    .join('')
    .replaceAll(
      ESCAPE,
      (_whole, short?: string, long?: string, octal?: string, character?: string): string => {
        if (short !== undefined) return String.fromCharCode(Number.parseInt(short, 16));
        if (long !== undefined) return String.fromCodePoint(Number.parseInt(long, 16));
        if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
        return ESCAPES[character ?? ''] ?? character ?? '';
      },
    );
}

/** The value of a raw string such as `r'\d+'`. */
export function rawText(literal: string): string {
  return literal.slice(2, -1);
}
