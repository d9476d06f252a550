import { bracket } from './bracket.ts';
import { ALL, type CodePoints, complement, LINE_ENDS, withBothCases } from './code-points.ts';
import { escaped } from './escapes.ts';
import { malformed, Reader } from './reader.ts';
import { type Regex, UnsupportedRegex } from './syntax.ts';

/** Flags in force: case of ASCII letters does not count; a dot matches ends of lines too. */
interface Flags {
  readonly i: boolean;
  readonly s: boolean;
}

interface State {
  readonly reader: Reader;
  groups: number;
  readonly names: Set<string>;
  depth: number;
}

/** Repeats beyond this are refused by RE2. */
const MOST_REPEATS = 1000;
const DEEPEST = 50;

/**
 * Parses a pattern of `java.util.regex`. Throws `UnsupportedRegex` for a construct that RE2 lacks or understands in
 * another way, and for a malformed pattern.
 */
export function parseRegex(pattern: string): { readonly regex: Regex; readonly groups: number } {
  const reader = new Reader(pattern);
  const state: State = { reader, groups: 0, names: new Set(), depth: 0 };
  const regex = choice(state, { i: false, s: false });
  if (!reader.isAtEnd) throw malformed();
  return { regex, groups: state.groups };
}

function choice(state: State, flags: Flags): Regex {
  state.depth += 1;
  if (state.depth > DEEPEST)
    throw new UnsupportedRegex('A regular expression of many nested groups', 'simplify it');
  const options: Regex[] = [];
  // Flags without brackets of their own hold to the end of the group, over all its options.
  let current = flags;
  do {
    const read = sequence(state, current);
    options.push(read.regex);
    current = read.flags;
  } while (state.reader.skip('|'));
  state.depth -= 1;
  const [only, ...more] = options;
  return only !== undefined && more.length === 0 ? only : { kind: 'choice', options };
}

function sequence(state: State, start: Flags): { readonly regex: Regex; readonly flags: Flags } {
  const items: Regex[] = [];
  let flags = start;
  const { reader } = state;
  while (!reader.isAtEnd && reader.peek() !== '|' && reader.peek() !== ')') {
    const set = reader.match(/^\(\?([is]+)\)/);
    if (set === undefined) items.push(quantified(state, atom(state, flags)));
    else flags = withFlags(flags, set[1] ?? '');
  }
  const [only, ...more] = items;
  return { regex: only !== undefined && more.length === 0 ? only : { kind: 'sequence', items }, flags };
}

function withFlags({ i, s }: Flags, set: string): Flags {
  return { i: i || set.includes('i'), s: s || set.includes('s') };
}

function atom(state: State, flags: Flags): Regex {
  const { reader } = state;
  const found = reader.take();
  if (found === '(') return group(state, flags);
  if (found === '[') return { kind: 'character', of: bracket(reader, flags.i) };
  if (found === '.') return { kind: 'character', of: flags.s ? ALL : complement(LINE_ENDS) };
  if (found === '^') return { kind: 'anchor', at: 'start' };
  if (found === '$') return { kind: 'anchor', at: 'end' };
  if (['*', '+', '?', '{'].includes(found)) throw malformed();
  if (found !== '\\') return character(found.codePointAt(0) ?? 0, flags);
  if (reader.skip('A')) return { kind: 'anchor', at: 'start' };
  if (reader.skip('Z')) return { kind: 'anchor', at: 'end' };
  if (reader.skip('z')) return { kind: 'anchor', at: 'very end' };
  if (reader.peek(1) !== '{' && reader.skip('b')) return { kind: 'anchor', at: 'word boundary' };
  if (reader.peek() === 'Q')
    throw new UnsupportedRegex('\\Q in a regular expression', 'put a backslash before each sign');
  return character(escaped(reader), flags);
}

function character(found: number | CodePoints, { i }: Flags): Regex {
  const of: CodePoints = typeof found === 'number' ? [[found, found]] : found;
  return { kind: 'character', of: i ? withBothCases(of) : of };
}

function group(state: State, flags: Flags): Regex {
  const { reader } = state;
  const close = (number: number | undefined, inner: Flags): Regex => {
    const of = choice(state, inner);
    reader.expect(')');
    return { kind: 'group', number, of };
  };
  const plain = reader.match(/^\?([is]*):/);
  if (plain !== undefined) return close(undefined, withFlags(flags, plain[1] ?? ''));
  const name = reader.match(/^\?<([a-zA-Z][a-zA-Z0-9]*)>/)?.[1];
  if (name === undefined && reader.peek() === '?')
    throw new UnsupportedRegex(
      'A group of a regular expression that begins with ? and looks around or changes flags',
      'write the pattern without it',
    );
  if (name !== undefined) {
    if (state.names.has(name)) throw malformed();
    state.names.add(name);
  }
  state.groups += 1;
  return close(state.groups, flags);
}

function quantified({ reader }: State, of: Regex): Regex {
  const range = repeats(reader);
  if (range === undefined) return of;
  if (of.kind === 'anchor')
    throw new UnsupportedRegex('A repeated anchor of a regular expression', 'leave the repeat out');
  if (reader.peek() === '+')
    throw new UnsupportedRegex('A possessive repeat of a regular expression', 'leave the second + out');
  const lazy = reader.skip('?');
  if (['*', '+', '?', '{'].includes(reader.peek())) throw malformed();
  return { kind: 'repeat', of, ...range, lazy };
}

function repeats(reader: Reader): { readonly min: number; readonly max: number | undefined } | undefined {
  if (reader.skip('*')) return { min: 0, max: undefined };
  if (reader.skip('+')) return { min: 1, max: undefined };
  if (reader.skip('?')) return { min: 0, max: 1 };
  if (reader.peek() !== '{') return undefined;
  const found = reader.match(/^\{(\d{1,9})(,(\d{1,9})?)?\}/);
  if (found === undefined) throw malformed();
  const min = Number(found[1]);
  const max = found[2] === undefined ? min : found[3] === undefined ? undefined : Number(found[3]);
  if (max !== undefined && max < min) throw malformed();
  if ((max ?? min) > MOST_REPEATS)
    throw new UnsupportedRegex(`More than ${MOST_REPEATS} repeats in a regular expression`, 'use length(…)');
  return { min, max };
}
