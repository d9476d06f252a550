import type { PrintedRegex } from './print-regex.ts';
import { UnsupportedRegex } from './syntax.ts';

const REFERENCE = /\\([\s\S]?)|\$(\d+)?/g;

/** A replacement of Java, such as `$1-$2`, as RE2 writes it: `\1-\2`. Throws `UnsupportedRegex`. */
export function rewritten(replacement: string, { groups, ends }: PrintedRegex): string {
  if (ends.length > 0 && /\$0/.test(replacement))
    throw new UnsupportedRegex(
      '$0 beside a pattern that ends with $',
      'put the pattern in a group and write $1',
    );
  const pieces: string[] = [];
  let at = 0;
  for (const found of replacement.matchAll(REFERENCE)) {
    pieces.push(literal(replacement.slice(at, found.index)));
    at = found.index + found[0].length;
    const [whole, escaped, digits] = found;
    if (whole.startsWith('\\')) {
      if (escaped === '') throw malformedReplacement();
      pieces.push(literal(escaped ?? ''));
    } else if (digits === undefined) throw malformedReplacement();
    else pieces.push(numbered(digits, groups));
  }
  return [...pieces, literal(replacement.slice(at)), ...ends.map(reference)].join('');
}

function literal(text: string): string {
  return text.replaceAll('\\', '\\\\');
}

/** As many digits as still name a group; the rest is text. */
function numbered(digits: string, groups: ReadonlyMap<number, number>): string {
  let taken = 1;
  while (taken < digits.length && groups.has(Number(digits.slice(0, taken + 1)))) taken += 1;
  return reference(groups.get(Number(digits.slice(0, taken)))) + digits.slice(taken);
}

function reference(group: number | undefined): string {
  if (group === undefined || group > 9)
    throw new UnsupportedRegex(
      'A replacement that names a group the pattern does not have or one after the ninth',
      'use fewer groups',
    );
  return `\\${group}`;
}

function malformedReplacement(): UnsupportedRegex {
  return new UnsupportedRegex('A lone $ or backslash in a replacement', 'write \\\\$ for the sign itself');
}
