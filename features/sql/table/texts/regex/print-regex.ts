import type { CodePoints } from './code-points.ts';
import type { Regex } from './syntax.ts';

/** A pattern for RE2, and where the groups of the author stand in it. */
export interface PrintedRegex {
  readonly pattern: string;
  /** Numbers for RE2 by the author's numbers; 0 is the whole match. */
  readonly groups: ReadonlyMap<number, number>;
  /** Groups that hold an end of line that is not part of the match. */
  readonly ends: readonly number[];
}

/** How the end of line that Java's `$` leaves out is matched: in a group of its own, to be put back, or in none. */
type Ends = 'captured' | 'uncaptured';

const LINE_END = '\\r\\n|[\\n\\r\\x{85}\\x{2028}\\x{2029}]';

/** Writes every set of characters out, so that no flag and no class of RE2 matters. */
export function printRegex(regex: Regex, ends: Ends): PrintedRegex {
  const printer = new Printer(ends);
  const pattern = printer.print(regex);
  return { pattern, groups: printer.groups, ends: printer.ends };
}

class Printer {
  readonly groups = new Map<number, number>([[0, 0]]);
  readonly ends: number[] = [];
  readonly #ends: Ends;
  #next = 1;

  constructor(ends: Ends) {
    this.#ends = ends;
  }

  print(regex: Regex): string {
    switch (regex.kind) {
      case 'character':
        return characters(regex.of);
      case 'anchor':
        return this.#anchor(regex.at);
      case 'sequence':
        return regex.items.map((item) => this.print(item)).join('');
      case 'choice':
        return `(?:${regex.options.map((option) => this.print(option)).join('|')})`;
      case 'group':
        return this.#group(regex);
      case 'repeat': {
        const of = this.print(regex.of);
        const isWhole = regex.of.kind === 'character' || regex.of.kind === 'group';
        return `${isWhole ? of : `(?:${of})`}${times(regex.min, regex.max)}${regex.lazy ? '?' : ''}`;
      }
    }
  }

  #group({ number, of }: Extract<Regex, { kind: 'group' }>): string {
    if (number === undefined) return `(?:${this.print(of)})`;
    const printed = this.#next++;
    this.groups.set(number, printed);
    return `(${this.print(of)})`;
  }

  #anchor(at: Extract<Regex, { kind: 'anchor' }>['at']): string {
    if (at === 'start') return '\\A';
    if (at === 'word boundary') return '\\b';
    if (at === 'very end') return '\\z';
    if (this.#ends === 'uncaptured') return `(?:${LINE_END})?\\z`;
    this.ends.push(this.#next++);
    return `(${LINE_END})?\\z`;
  }
}

function times(min: number, max: number | undefined): string {
  if (max === undefined) return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`;
  if (min === 0 && max === 1) return '?';
  return min === max ? `{${min}}` : `{${min},${max}}`;
}

function characters(of: CodePoints): string {
  const [first] = of;
  // What no character is in matches nothing.
  if (first === undefined) return '[^\\x{0}-\\x{10ffff}]';
  if (of.length === 1 && first[0] === first[1]) return code(first[0]);
  const ranges = of.map(([from, to]) => (from === to ? code(from) : `${code(from)}-${code(to)}`));
  return `[${ranges.join('')}]`;
}

/** Only what has no meaning of its own is written as itself. */
function code(point: number): string {
  const character = String.fromCodePoint(point);
  return /^[A-Za-z0-9 _,;:@=<>"'!%&~#/]$/.test(character) ? character : `\\x{${point.toString(16)}}`;
}
