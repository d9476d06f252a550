import { type Entry, type PrintedCall, signature } from '../entry.ts';
import { once } from '../once.ts';

const MAX_LENGTH = '2147483647';

/** A length below zero counts as zero. */
function notNegative(length: string): string {
  return /^\d+$/.test(length)
    ? length
    : once([length], ([n = '']) => `CASE WHEN ${n} < 0 THEN 0 ELSE ${n} END`);
}

/** The digits of an integer constant, or the printed argument. */
function number(args: readonly string[], { constants }: PrintedCall, index: number): string {
  const value = constants[index];
  return typeof value === 'string' && /^-?\d+$/.test(value) ? value : (args[index] ?? '');
}

function substring(args: readonly string[], call: PrintedCall): string {
  const from = number(args, call, 1);
  // Position 0 is the first character, as 1 is.
  const start = /^-?\d+$/.test(from)
    ? from === '0'
      ? '1'
      : from
    : `CASE ${from} WHEN 0 THEN 1 ELSE ${from} END`;
  const length = args.length === 2 ? MAX_LENGTH : notNegative(number(args, call, 2));
  return `substring(${args[0]}, ${start}, ${length})`;
}

/** Searches of Spark may overlap, such as of `aa` in `aaa`; those of DuckDB do not. */
function overlapsItself(text: string): boolean {
  return Array.from({ length: text.length - 1 }, (_, index) => index + 1).some((length) =>
    text.endsWith(text.slice(0, length)),
  );
}

function substringIndex(args: readonly string[], call: PrintedCall): string {
  const [text = '', delimiter = ''] = args;
  const constant = call.constants[1];
  if (typeof constant !== 'string' || call.constants[2] === null) return 'CAST(NULL AS VARCHAR)';
  if (constant === '') return `left(${text}, 0)`;
  if (overlapsItself(constant))
    call.refuse('substring_index with a delimiter that overlaps itself', 'use another delimiter');
  const count = Number(number(args, call, 2));
  if (count === 0) return `left(${text}, 0)`;
  const [from, to] = count > 0 ? [1, count] : [count, -1];
  return `array_to_string(list_slice(string_split(${text}, ${delimiter}), ${from}, ${to}), ${delimiter})`;
}

function splitPart(args: readonly string[], call: PrintedCall): string {
  const [text = '', delimiter = ''] = args;
  const position = number(args, call, 2);
  if (call.constants[2] === null) return 'CAST(NULL AS VARCHAR)';
  if (position === '0') call.refuse('split_part at position 0', 'count from 1, or from -1 backwards');
  // An empty delimiter splits nothing.
  const whole = (of: string): string => (/^-?1$/.test(position) ? of : `left(${of}, 0)`);
  const constant = call.constants[1];
  if (constant === '') return whole(text);
  if (typeof constant === 'string') return `split_part(${text}, ${delimiter}, ${position})`;
  return once(
    [text, delimiter],
    ([t = '', d = '']) => `CASE WHEN ${d} = '' THEN ${whole(t)} ELSE split_part(${t}, ${d}, ${position}) END`,
  );
}

export const PIECES: readonly Entry[] = [
  {
    name: 'substring',
    kind: 'scalar',
    aliases: ['substr', 'mid'],
    signatures: [
      signature('string, int', 'string', substring),
      signature('string, int, int', 'string', substring),
    ],
    examples: [
      'SELECT id, substring(x, 2, 3) AS a, substring(x, -3, 2) AS b, substring(x, 0, 2) AS c, substring(x, n) AS d, substring(x, n, n) AS e FROM strings',
      'SELECT id, substring(x FROM 2 FOR 3) AS a, substr(x, -2147483648) AS b FROM strings',
    ],
  },
  {
    name: 'left',
    kind: 'scalar',
    signatures: [
      signature(
        'string, int',
        'string',
        (args, call) => `left(${args[0]}, ${notNegative(number(args, call, 1))})`,
      ),
    ],
    examples: ['SELECT id, left(x, 3) AS a, left(x, n) AS b, left(x, -1) AS c FROM strings'],
  },
  {
    name: 'right',
    kind: 'scalar',
    signatures: [
      signature(
        'string, int',
        'string',
        (args, call) => `right(${args[0]}, ${notNegative(number(args, call, 1))})`,
      ),
    ],
    examples: ['SELECT id, right(x, 3) AS a, right(x, n) AS b, right(x, -1) AS c FROM strings'],
  },
  {
    name: 'substring_index',
    kind: 'scalar',
    signatures: [
      signature('string, string!, int!', 'string', substringIndex, {
        samples: { 1: ["'.'", "','", "'ab'"], 2: ['1', '2', '-1', '-2', '0'] },
      }),
    ],
    examples: ["SELECT id, substring_index(x, '.', 1) AS a, substring_index(x, ',', -2) AS b FROM strings"],
  },
  {
    name: 'split_part',
    kind: 'scalar',
    signatures: [
      signature('string, string, int!', 'string', splitPart, { samples: { 2: ['1', '2', '-1', '-2', '9'] } }),
    ],
    examples: ["SELECT id, split_part(x, ',', 2) AS a, split_part(x, '', 1) AS b FROM strings"],
  },
];
