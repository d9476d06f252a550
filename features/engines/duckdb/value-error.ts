/**
 * DuckDB's messages about values quote the value, which may be an applicant's. So nothing of them is passed on but words
 * of the lists below: a kind of error has a fixed text, and a message may name known types and operations.
 */

/** What each class of errors that arise from values means; the class is DuckDB's own word. */
const MEANINGS: Readonly<Record<string, string>> = {
  conversion: 'a value cannot be converted to the type asked for',
  'invalid input': 'a function got a value that it does not accept',
  'out of range': 'a number, date or text is outside the range of its type or function',
  'not implemented': 'a value or an operation is not supported',
  'mismatch type': 'a value has another type than expected',
  'divide by zero': 'a number is divided by zero',
  decimal: 'a decimal number does not fit its type',
  constraint: 'a value breaks a constraint',
};

/** Messages without values in them, or whose values are left out here. */
const CLEARER: readonly (readonly [message: RegExp, text: string])[] = [
  [/Overflow in addition of/, 'a sum overflows its type'],
  [/Overflow in subtraction of/, 'a difference overflows its type'],
  [/Overflow in multiplication of/, 'a product overflows its type'],
  [/Overflow (in negation of|on abs)/i, 'a number overflows its type when its sign changes'],
  [/can't be cast because the value is out of range/, 'a number is outside the range of the type asked for'],
  [/^Casting value .* failed: value is out of range/s, 'a number is outside the range of the type asked for'],
  [/cannot take logarithm of zero/, 'the logarithm of zero is not defined'],
  [/cannot take logarithm of a negative number/, 'the logarithm of a negative number is not defined'],
  [/cannot take square root of a negative number/, 'the square root of a negative number is not defined'],
  [/scalar subqueries can only return a single row/, 'a subquery in place of a value returns several rows'],
  [/Map keys must be unique/, 'a map has the same key twice'],
  [/format specifier|expected format is/, 'a text does not have the format of a date or time'],
  [/extract specifier/, 'a text names no part of a date'],
  [/Unknown TimeZone/, 'a text names no time zone'],
  [/Malformed JSON/, 'a text is not JSON'],
];

/** The types that messages name; the text before them may hold a value. */
const TO_TYPE =
  /(?:to (?:the destination )?type |for the destination type |to |overflow in \w+ of )((?:U?INT(?:8|16|32|64|128)|U?(?:TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\(\d+,\d+\)|BOOL(?:EAN)?|DATE|TIMESTAMP(?: WITH TIME ZONE)?|INTERVAL|UUID|VARCHAR|BLOB))(?![\w'"])/i;

/** A description of a value error that holds no value, or undefined if the class of errors does not arise from values. */
export function valueErrorText(kind: string, message: string): string | undefined {
  const meaning = MEANINGS[kind.toLowerCase()];
  if (meaning === undefined) return undefined;
  const own = message.replace(/^[A-Za-z ]+ Error: /, '');
  const clearer = CLEARER.find(([pattern]) => pattern.test(own))?.[1];
  const type = /^(conversion|out of range)$/i.test(kind) ? TO_TYPE.exec(own)?.[1] : undefined;
  return `The query failed: ${clearer ?? meaning}${type === undefined ? '' : ` (${type.toUpperCase()})`}.`;
}

/** What a form of the function table says when it refuses a value; it names no value. Undefined for other errors. */
export function refusalText(message: string): string | undefined {
  return /^Invalid Input Error: millrace: ([^\n]+)/.exec(message)?.[1];
}

/** The part of the statement that DuckDB points at: text of the query, which holds no value of a row. */
export function pointedAt(message: string): string | undefined {
  const [, line, carets] = /\n\nLINE \d+: (.*)\n( *)\^/.exec(message) ?? [];
  if (line === undefined || carets === undefined) return undefined;
  const label = /\nLINE \d+: /.exec(message)?.[0].length ?? 0;
  const from = line.slice(Math.max(0, carets.length - (label - 1)));
  return from.length > 80 ? `${from.slice(0, 79)}…` : from;
}
