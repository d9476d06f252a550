/** Code points as ascending ranges that neither overlap nor touch. Surrogates are in none. */
export type CodePoints = readonly (readonly [from: number, to: number])[];

const LAST = 0x10_ff_ff;
const SURROGATES = [0xd8_00, 0xdf_ff] as const;

/** Normalises any ranges. */
export function codePoints(ranges: CodePoints): CodePoints {
  const found: [number, number][] = [];
  const sorted = ranges.flatMap(withoutSurrogates).toSorted(([a], [b]) => a - b);
  for (const [from, to] of sorted) {
    const last = found.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else found.push([from, to]);
  }
  return found;
}

function withoutSurrogates([from, to]: CodePoints[number]): CodePoints {
  const [first, last] = SURROGATES;
  if (to < first || from > last) return [[from, to]];
  const below: CodePoints = from < first ? [[from, first - 1]] : [];
  const above: CodePoints = to > last ? [[last + 1, to]] : [];
  return [...below, ...above];
}

export function complement(of: CodePoints): CodePoints {
  const ends = of.flatMap(([from, to]) => [from - 1, to + 1]);
  const edges = [0, ...ends, LAST];
  const found: [number, number][] = [];
  for (let index = 0; index < edges.length; index += 2) {
    const [from = 0, to = 0] = [edges[index], edges[index + 1]];
    if (from <= to) found.push([from, to]);
  }
  return codePoints(found);
}

export function intersects(a: CodePoints, b: CodePoints): boolean {
  return a.some(([from, to]) => b.some(([first, last]) => from <= last && first <= to));
}

export function includes(a: CodePoints, b: CodePoints): boolean {
  return b.every(([from, to]) => a.some(([first, last]) => first <= from && to <= last));
}

/** With the other case of each ASCII letter, as Java's `(?i)` compares. */
export function withBothCases(of: CodePoints): CodePoints {
  const shifted = (first: number, last: number, by: number): CodePoints =>
    of.flatMap(([from, to]) => {
      const [low, high] = [Math.max(from, first), Math.min(to, last)];
      return low <= high ? [[low + by, high + by] as const] : [];
    });
  return codePoints([...of, ...shifted(0x41, 0x5a, 32), ...shifted(0x61, 0x7a, -32)]);
}

function only(characters: string): CodePoints {
  return codePoints(Array.from(characters, (one) => [one.codePointAt(0) ?? 0, one.codePointAt(0) ?? 0]));
}

const UPPER: CodePoints = [[0x41, 0x5a]];
const LOWER: CodePoints = [[0x61, 0x7a]];
const DIGITS: CodePoints = [[0x30, 0x39]];
const SPACES: CodePoints = [
  [9, 13],
  [32, 32],
];
const LETTERS = codePoints([...UPPER, ...LOWER]);
const PUNCTUATION = only('!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~');

/** What ends a line for Java's `.` and `$`. */
export const LINE_ENDS = only('\n\r\u0085\u2028\u2029');

export const ALL = complement([]);

/** Classes after a backslash, which are of ASCII in Java unless a flag says otherwise. */
export const ESCAPED_CLASSES: Readonly<Record<string, CodePoints>> = {
  d: DIGITS,
  D: complement(DIGITS),
  w: codePoints([...LETTERS, ...DIGITS, [0x5f, 0x5f]]),
  W: complement(codePoints([...LETTERS, ...DIGITS, [0x5f, 0x5f]])),
  s: SPACES,
  S: complement(SPACES),
  h: codePoints([...only(' \t\u00a0\u1680\u180e\u202f\u205f\u3000'), [0x20_00, 0x20_0a]]),
  v: only('\n\u000b\f\r\u0085\u2028\u2029'),
};

/** Classes such as `\p{Alpha}`, also of ASCII. */
export const NAMED_CLASSES: Readonly<Record<string, CodePoints>> = {
  Lower: LOWER,
  Upper: UPPER,
  ASCII: [[0, 0x7f]],
  Alpha: LETTERS,
  Digit: DIGITS,
  Alnum: codePoints([...LETTERS, ...DIGITS]),
  Punct: PUNCTUATION,
  Graph: codePoints([...LETTERS, ...DIGITS, ...PUNCTUATION]),
  Print: [[0x20, 0x7e]],
  Blank: only(' \t'),
  Cntrl: codePoints([
    [0, 0x1f],
    [0x7f, 0x7f],
  ]),
  XDigit: codePoints([...DIGITS, [0x41, 0x46], [0x61, 0x66]]),
  Space: SPACES,
};
