import type { PrintedCall } from '../../entry.ts';
import { once, stop } from '../../once.ts';
import { checkRegex, has, isEnd, isNullable } from './check-regex.ts';
import { parseRegex } from './parse-regex.ts';
import { type Regex, UnsupportedRegex } from './syntax.ts';

/** A constant pattern of a call; undefined if it is NULL. Refuses what DuckDB would match in another way. */
export function regexOf(
  call: PrintedCall,
  index: number,
): { readonly regex: Regex; readonly groups: number } | undefined {
  const pattern = call.constants[index];
  if (typeof pattern !== 'string') return undefined;
  return refusing(call, () => {
    const parsed = parseRegex(pattern);
    checkRegex(parsed.regex);
    return parsed;
  });
}

/** Turns `UnsupportedRegex` into a refusal of the call. */
export function refusing<T>(call: PrintedCall, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof UnsupportedRegex)) throw error;
    return call.refuse(error.message, error.instead);
  }
}

/** Java and RE2 find other places for matches of nothing, as of `a*` in `baac`. */
export function mustMatchSomething(call: PrintedCall, regex: Regex): void {
  if (isNullable(regex))
    call.refuse('A regular expression that may match nothing', 'use one that matches at least one character');
}

export function mustNotEnd(call: PrintedCall, regex: Regex): void {
  if (has(regex, isEnd))
    call.refuse('$ in this regular expression', 'write \\\\z for the very end of the text');
}

const isBoundary = (part: Regex): boolean => part.kind === 'anchor' && part.at === 'word boundary';

/** Java's `\b` knows letters beyond ASCII, so a text with one stops the query. */
export function onText(text: string, regex: Regex, form: (text: string) => string): string {
  if (!has(regex, isBoundary)) return form(text);
  return once([text], ([t = '']) => {
    const others = `regexp_matches(regexp_replace(${t}, '[\\x00-\\x7f]+', '', 'g'), '[\\p{L}\\p{N}\\p{M}]')`;
    const message = stop('\\b in a regular expression met letters beyond ASCII');
    return `CASE WHEN strlen(${t}) <> length(${t}) AND ${others} THEN ${message} ELSE ${form(t)} END`;
  });
}
