import { type CodePoints, codePoints, includes, intersects, LINE_ENDS } from './code-points.ts';
import { type Regex, type Repeat, UnsupportedRegex } from './syntax.ts';

/** Whether the pattern can match an empty text. */
export function isNullable(regex: Regex): boolean {
  switch (regex.kind) {
    case 'character':
      return false;
    case 'anchor':
      return true;
    case 'sequence':
      return regex.items.every(isNullable);
    case 'choice':
      return regex.options.some(isNullable);
    case 'group':
      return isNullable(regex.of);
    case 'repeat':
      return regex.min === 0 || isNullable(regex.of);
  }
}

export function has(regex: Regex, found: (part: Regex) => boolean): boolean {
  return found(regex) || parts(regex).some((part) => has(part, found));
}

function parts(regex: Regex): readonly Regex[] {
  switch (regex.kind) {
    case 'character':
    case 'anchor':
      return [];
    case 'sequence':
      return regex.items;
    case 'choice':
      return regex.options;
    case 'group':
    case 'repeat':
      return [regex.of];
  }
}

export function isEnd(part: Regex): boolean {
  return part.kind === 'anchor' && part.at === 'end';
}

/** Throws `UnsupportedRegex` for what RE2 would match in another way. */
export function checkRegex(regex: Regex): void {
  checkRepeats(regex, 1);
  checkEnds(regex, [], true);
}

const MOST_COPIES = 1000;

/** A repeat of what may be empty ends at other places in Java and RE2; RE2 copies what is repeated. */
function checkRepeats(regex: Regex, copies: number): void {
  let inside = copies;
  if (regex.kind === 'repeat') {
    if (isNullable(regex.of) && regex.max !== 1)
      throw new UnsupportedRegex(
        'A repeat of what may match nothing, as in (a*)*,',
        'repeat only what matches a character',
      );
    inside *= Math.max(regex.max ?? regex.min, 1);
    if (inside > MOST_COPIES)
      throw new UnsupportedRegex('A regular expression of repeats within repeats', 'use smaller numbers');
  }
  for (const part of parts(regex)) checkRepeats(part, inside);
}

/**
 * Java's `$` stands also before a last end of line, which RE2's does not. It is written as an optional end of line before
 * the very end, which matches the same if nothing can follow, and if what comes before cannot itself match an end of line
 * or always takes all of them. `before` is what precedes the part; `isLast` that nothing follows.
 */
function checkEnds(regex: Regex, before: readonly Regex[], isLast: boolean): void {
  switch (regex.kind) {
    case 'character':
      return;
    case 'anchor':
      if (regex.at !== 'end') return;
      if (!isLast || !endsBeforeLineEnd(before))
        throw new UnsupportedRegex(
          '$ at this place of a regular expression',
          'write \\\\z for the very end of the text',
        );
      return;
    case 'sequence':
      for (const [index, item] of regex.items.entries())
        checkEnds(
          item,
          [...before, ...regex.items.slice(0, index)],
          isLast && index === regex.items.length - 1,
        );
      return;
    case 'choice':
      for (const option of regex.options) checkEnds(option, before, isLast);
      return;
    case 'group':
      checkEnds(regex.of, before, isLast);
      return;
    case 'repeat':
      checkEnds(regex.of, before, false);
  }
}

const NEWLINES: CodePoints = [
  [10, 10],
  [13, 13],
];

function endsBeforeLineEnd(before: readonly Regex[]): boolean {
  if (!intersects(lastOf(before), LINE_ENDS)) return true;
  const items = before.flatMap(flat);
  const last = items.at(-1);
  if (last === undefined || !isGreedy(last) || last.of.kind !== 'character') return false;
  const { of } = last.of;
  if (includes(of, LINE_ENDS)) return true;
  return includes(of, NEWLINES) && (last.min > 0 || !intersects(lastOf(items.slice(0, -1)), LINE_ENDS));
}

/** What is matched one after the other, without groups around it. */
function flat(regex: Regex): readonly Regex[] {
  if (regex.kind === 'group') return flat(regex.of);
  return regex.kind === 'sequence' ? regex.items.flatMap(flat) : [regex];
}

function isGreedy(part: Regex): part is Repeat {
  return part.kind === 'repeat' && part.max === undefined && !part.lazy;
}

/** The characters that the parts, one after the other, may end with. */
function lastOf(items: readonly Regex[]): CodePoints {
  const found: (readonly [number, number])[] = [];
  for (const item of items.toReversed()) {
    found.push(...lastCharacters(item));
    if (!isNullable(item)) break;
  }
  return codePoints(found);
}

function lastCharacters(regex: Regex): CodePoints {
  switch (regex.kind) {
    case 'character':
      return regex.of;
    case 'anchor':
      return [];
    case 'sequence':
      return lastOf(regex.items);
    case 'choice':
      return codePoints(regex.options.flatMap(lastCharacters));
    case 'group':
    case 'repeat':
      return lastCharacters(regex.of);
  }
}
