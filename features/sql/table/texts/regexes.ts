import { textSql } from '../../text-sql.ts';
import { BOOLEAN } from '../../types.ts';
import { type Entry, type PrintedCall, type Signature, signature } from '../entry.ts';
import { has, isEnd } from './regex/check-regex.ts';
import { printRegex } from './regex/print-regex.ts';
import { mustMatchSomething, mustNotEnd, onText, refusing, regexOf } from './regex/regex-argument.ts';
import { rewritten } from './regex/replacement.ts';
import type { Regex } from './regex/syntax.ts';

/** Patterns for the parity suite, as Spark SQL literals. */
const PATTERNS = [
  "'a'",
  "'[a-z]+'",
  "'(\\\\d+)\\\\.(\\\\d*)'",
  "'(?i)(b|l+)o?'",
  "'^\\\\s+|\\\\s+$'",
  "'(\\\\w+)@(\\\\w+)'",
  "'.'",
];
const GROUPS = ["'([a-z])(\\\\d+)?'", "'(?i)(b|l+)o?'", "'(.)$'"];

/** `x RLIKE pattern`, also as a function. */
export function matches(args: readonly string[], call: PrintedCall): string {
  const parsed = regexOf(call, 1);
  if (parsed === undefined) return 'CAST(NULL AS BOOLEAN)';
  const { pattern } = printRegex(parsed.regex, 'uncaptured');
  return onText(args[0] ?? '', parsed.regex, (text) => `regexp_matches(${text}, ${textSql(pattern)})`);
}

function replaced(args: readonly string[], call: PrintedCall): string {
  const parsed = regexOf(call, 1);
  const by = call.constants[2];
  if (parsed === undefined || typeof by !== 'string') return 'CAST(NULL AS VARCHAR)';
  if (![undefined, '1'].includes(call.constants[3] as string | undefined))
    call.refuse('regexp_replace from a position other than 1', 'use left(…) and substring(…)');
  const { regex } = parsed;
  mustMatchSomething(call, regex);
  const printed = printRegex(regex, 'captured');
  const replacement = refusing(call, () => rewritten(by, printed));
  return onText(
    args[0] ?? '',
    regex,
    (text) => `regexp_replace(${text}, ${textSql(printed.pattern)}, ${textSql(replacement)}, 'g')`,
  );
}

/** The group that an extraction asks for, 1 by default, as a pattern that captures it and its number there. */
function group(
  call: PrintedCall,
): { readonly regex: Regex; readonly pattern: string; readonly number: number } | undefined {
  const parsed = regexOf(call, 1);
  const asked = call.constants[2] === undefined ? 1 : Number(call.constants[2]);
  if (parsed === undefined || call.constants[2] === null) return undefined;
  const { regex, groups } = parsed;
  if (!(asked >= 0 && asked <= groups))
    return call.refuse(
      `Group ${asked} of a pattern with ${groups} groups`,
      'name a group that the pattern has, or 0 for the whole match',
    );
  if (asked === 0) return wholeMatch(call, regex);
  const isAsked = (part: Regex): boolean => part.kind === 'group' && part.number === asked;
  if (has(regex, (part) => isAsked(part) && has(part, isEnd))) mustNotEnd(call, regex);
  const { pattern } = printRegex(regex, 'uncaptured');
  return { regex, pattern, number: asked };
}

function wholeMatch(call: PrintedCall, regex: Regex) {
  if (!has(regex, isEnd)) return { regex, pattern: printRegex(regex, 'uncaptured').pattern, number: 0 };
  const last = regex.kind === 'sequence' ? regex.items.at(-1) : undefined;
  if (regex.kind !== 'sequence' || last === undefined || !isEnd(last)) {
    mustNotEnd(call, regex);
    throw new TypeError('A pattern with an end is refused.');
  }
  // Groups inside keep their captures, but their numbers do not matter.
  const body: Regex = {
    kind: 'group',
    number: -1,
    of: { ...regex, items: regex.items.slice(0, -1) },
  };
  mustNotEnd(call, body);
  return {
    regex,
    pattern: printRegex({ kind: 'sequence', items: [body, last] }, 'uncaptured').pattern,
    number: 1,
  };
}

function extracted(args: readonly string[], call: PrintedCall): string {
  const found = group(call);
  if (found === undefined) return 'CAST(NULL AS VARCHAR)';
  return onText(
    args[0] ?? '',
    found.regex,
    (text) => `regexp_extract(${text}, ${textSql(found.pattern)}, ${found.number})`,
  );
}

function allExtracted(args: readonly string[], call: PrintedCall): string {
  const found = group(call);
  if (found === undefined) return 'CAST(NULL AS VARCHAR[])';
  mustMatchSomething(call, found.regex);
  return onText(args[0] ?? '', found.regex, (text) => {
    const all = `regexp_extract_all(${text}, ${textSql(found.pattern)}, ${found.number})`;
    // A group that took no part in a match is an empty text.
    return found.number === 0 ? all : `list_transform(${all}, lambda g: coalesce(g, ''))`;
  });
}

function counted(args: readonly string[], call: PrintedCall): string {
  const parsed = regexOf(call, 1);
  if (parsed === undefined) return 'CAST(NULL AS INTEGER)';
  mustMatchSomething(call, parsed.regex);
  const { pattern } = printRegex(parsed.regex, 'uncaptured');
  return onText(
    args[0] ?? '',
    parsed.regex,
    (text) => `CAST(len(regexp_extract_all(${text}, ${textSql(pattern)})) AS INTEGER)`,
  );
}

function pieces(args: readonly string[], call: PrintedCall): string {
  const limit = call.constants[2] === undefined ? -1 : Number(call.constants[2]);
  const parsed = regexOf(call, 1);
  if (parsed === undefined || call.constants[2] === null) return 'CAST(NULL AS VARCHAR[])';
  const { regex } = parsed;
  const [text = ''] = args;
  const fixed = fixedText(regex);
  if (fixed === '' && limit > 0) call.refuse('split into characters with a limit', 'use substring(…)');
  if (fixed !== undefined) return limited(`string_split(${text}, ${textSql(fixed)})`, fixed, limit);
  if (limit > 0)
    call.refuse('split by a pattern with a limit', 'split by a fixed text, or use regexp_extract(…)');
  mustMatchSomething(call, regex);
  // DuckDB begins anew behind each piece.
  if (has(regex, ({ kind }) => kind === 'anchor'))
    call.refuse('An anchor in split', 'use regexp_replace(…) or regexp_extract(…)');
  const { pattern } = printRegex(regex, 'uncaptured');
  return `string_split_regex(${text}, ${textSql(pattern)})`;
}

/** The last piece keeps what the limit leaves unsplit. */
function limited(all: string, by: string, limit: number): string {
  if (limit <= 0) return all;
  const rest = `array_to_string(list_slice(p, ${limit}, len(p)), ${textSql(by)})`;
  const cut = `list_append(list_slice(p, 1, ${limit - 1}), ${rest})`;
  return `list_transform([${all}], lambda p: CASE WHEN len(p) > ${limit} THEN ${cut} ELSE p END)[1]`;
}

/** The only text that a pattern matches, or undefined. */
function fixedText(regex: Regex): string | undefined {
  const items = regex.kind === 'sequence' ? regex.items : [regex];
  const points = items.map((item) =>
    item.kind === 'character' && item.of.length === 1 && item.of[0]?.[0] === item.of[0]?.[1]
      ? item.of[0]?.[0]
      : undefined,
  );
  return points.every((point) => point !== undefined) ? String.fromCodePoint(...points) : undefined;
}

/** The place counts UTF-16 code units, as in Java. */
function place(args: readonly string[], call: PrintedCall): string {
  const parsed = regexOf(call, 1);
  if (parsed === undefined) return 'CAST(NULL AS INTEGER)';
  const { regex } = parsed;
  if (has(regex, ({ kind }) => kind === 'anchor'))
    call.refuse('An anchor in regexp_instr', 'use instr(…) or regexp_extract(…)');
  const { pattern } = printRegex(regex, 'uncaptured');
  const before = textSql(`\\A([\\x{0}-\\x{10ffff}]*?)(?:${pattern})`);
  const [text = ''] = args;
  const skipped = `regexp_extract(${text}, ${before}, 1)`;
  const pairs = `length(regexp_replace(${skipped}, '[\\x{0}-\\x{ffff}]+', '', 'g'))`;
  return `CAST(CASE WHEN regexp_matches(${text}, ${textSql(pattern)}) THEN length(${skipped}) + ${pairs} + 1 ELSE ${text} IS NULL AND NULL END AS INTEGER)`;
}

function both(result: Signature['result'], duckdb: Signature['duckdb'], samples = PATTERNS) {
  return signature('string, string!', result, duckdb, { samples: { 1: samples } });
}

export const REGEXES: readonly Entry[] = [
  { name: 'regexp_like', kind: 'scalar', aliases: ['rlike', 'regexp'], signatures: [both(BOOLEAN, matches)] },
  {
    name: 'regexp_replace',
    kind: 'scalar',
    signatures: [
      signature('string, string!, string!', 'string', replaced, {
        samples: { 1: PATTERNS, 2: ["''", "'<$0>'"] },
      }),
      signature('string, string!, string!, int!', 'string', replaced, {
        samples: { 1: PATTERNS, 2: ["'_'"], 3: ['1'] },
      }),
    ],
    examples: [
      "SELECT id, regexp_replace(x, '(\\\\w)(\\\\w)', '$2$1') AS a, regexp_replace(x, '\\\\s+$', '') AS b, regexp_replace(x, '[^0-9]', '') AS c FROM strings",
    ],
  },
  {
    name: 'regexp_extract',
    kind: 'scalar',
    signatures: [
      both('string', extracted, GROUPS),
      signature('string, string!, int!', 'string', extracted, { samples: { 1: PATTERNS, 2: ['0'] } }),
    ],
    examples: [
      "SELECT id, regexp_extract(x, '([a-z]+)(\\\\d+)?', 2) AS a, regexp_extract(x, '\\\\d+$', 0) AS b FROM strings",
    ],
  },
  {
    name: 'regexp_extract_all',
    kind: 'scalar',
    signatures: [
      both('array<string>', allExtracted, GROUPS),
      signature('string, string!, int!', 'array<string>', allExtracted, {
        samples: { 1: ["'[a-z]+'", "'\\\\d'"], 2: ['0'] },
      }),
    ],
  },
  { name: 'regexp_count', kind: 'scalar', signatures: [both('int', counted)] },
  {
    name: 'regexp_substr',
    kind: 'scalar',
    signatures: [
      both(
        'string',
        (args, call) =>
          `nullif(${extracted(args, { ...call, constants: [...call.constants.slice(0, 2), '0'] })}, '')`,
        ["'[a-z]+'", "'\\\\d+$'"],
      ),
    ],
  },
  {
    name: 'regexp_instr',
    kind: 'scalar',
    signatures: [both('int', place, ["'[a-z]+'", "'\\\\d'", "'b|c'"])],
  },
  {
    name: 'split',
    kind: 'scalar',
    signatures: [
      both('array<string>', pieces, ["','", "'\\\\s+'", "'[,.]'", "'\\\\|'", "''"]),
      signature('string, string!, int!', 'array<string>', pieces, {
        samples: { 1: ["','", "'a'"], 2: ['1', '2', '0', '-1'] },
      }),
    ],
  },
];
