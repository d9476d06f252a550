import { invalid, unproven } from '../fault.ts';
import { rawText, unescaped } from './text-literal.ts';

export interface Token {
  readonly kind: 'word' | 'quoted' | 'string' | 'number' | 'symbol' | 'end';
  /** As written; of a quoted name or a string, its value. */
  readonly text: string;
  /** Upper case, for keywords and symbols. */
  readonly upper: string;
  readonly at: number;
  readonly end: number;
  /** A `>>` that Spark reads as two `>`. */
  readonly isSplit?: boolean;
}

const SPACE = /[\s\u00a0]+/y;
const LINE_COMMENT = /--(?:\\\n|[^\r\n])*/y;
const WORD = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /(?:\d+\.\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?(?:BD|bd|[LlSsYyDdFf](?![A-Za-z0-9_]))?/y;
const SYMBOL = /<=>|>>>|<<|>>|<=|>=|<>|!=|==|\|\||->|::|[-+*/%(),.;:=<>[\]&|^~!]/y;
const QUOTED = /`((?:[^`]|``)*)`/y;
const RAW = /[rR](?:'[^']*'|"[^"]*")/y;
const STRING = /'(?:\\[\s\S]|[^'\\])*'|"(?:\\[\s\S]|[^"\\])*"/y;

/**
 * Splits Spark SQL into tokens as Spark 4.0's lexer does. Adjacent strings are one string. Throws `SQL_INVALID` for a
 * character that cannot begin a token, such as an unfinished string.
 */
export function tokens(sql: string): Token[] {
  const found: Token[] = [];
  const variable = sql.indexOf('${');
  // Spark would put a setting or a variable of its environment there, also within strings and comments.
  if (variable !== -1) throw unproven('${…}', "write '$' '{…}' for the signs themselves", variable);
  let at = 0;
  while (at < sql.length) {
    const skipped = commentOrSpace(sql, at);
    if (skipped > at) {
      at = skipped;
      continue;
    }
    const token = tokenAt(sql, at);
    const last = found.at(-1);
    if (token.kind === 'string' && last?.kind === 'string') {
      assertApart(sql, last, token);
      found[found.length - 1] = { ...last, text: last.text + token.text, end: token.end };
    } else found.push(token);
    at = token.end;
  }
  found.push({ kind: 'end', text: '', upper: '', at: sql.length, end: sql.length });
  return withSplitAngles(found);
}

const NESTING = new Set(['ARRAY', 'MAP', 'STRUCT']);

/** After the word for a nested type, also as a function, Spark's lexer takes each `>` by itself until one has closed it. */
function withSplitAngles(found: readonly Token[]): Token[] {
  let open = 0;
  return found.map((token) => {
    const { kind, text, upper } = token;
    if (kind === 'word' && NESTING.has(upper)) open += 1;
    if (kind !== 'symbol' || !/^>+$/.test(text)) return token;
    const isSplit = open > 0 && text.length > 1;
    if (isSplit || text.length === 1) open = Math.max(0, open - text.length);
    return isSplit ? { ...token, isSplit } : token;
  });
}

/** Spark 4.0 reads `'it''s'` as two strings, its; later versions as one, it's. */
function assertApart(sql: string, last: Token, { at }: Token): void {
  if (last.end === at && sql[at] === sql[at - 1])
    throw unproven('A quote written twice in a string', 'write a backslash before the quote', at);
}

function commentOrSpace(sql: string, at: number): number {
  const blank = match(SPACE, sql, at) ?? match(LINE_COMMENT, sql, at);
  if (blank !== undefined) return at + blank.length;
  if (!sql.startsWith('/*', at)) return at;
  if (sql.startsWith('/*+', at)) throw unproven('A hint', 'leave it out', at);
  return endOfComment(sql, at);
}

/** Comments in brackets nest. */
function endOfComment(sql: string, start: number): number {
  let depth = 0;
  for (let at = start; at < sql.length; at += 1) {
    const two = sql.slice(at, at + 2);
    if (two === '/*') depth += 1;
    else if (two === '*/') depth -= 1;
    else continue;
    if (depth === 0) return at + 2;
    at += 1;
  }
  throw invalid('A comment that begins with /* does not end.', start);
}

function tokenAt(sql: string, at: number): Token {
  const make = (kind: Token['kind'], raw: string, text = raw): Token => ({
    kind,
    text,
    upper: kind === 'word' || kind === 'symbol' ? text.toUpperCase() : '',
    at,
    end: at + raw.length,
  });
  const raw = match(RAW, sql, at);
  if (raw !== undefined) return make('string', raw, rawText(raw));
  const string = match(STRING, sql, at);
  if (string !== undefined) return make('string', string, unescaped(string, at));
  const quoted = match(QUOTED, sql, at);
  if (quoted?.includes('\0') === true) throw invalid('A name cannot hold the character U+0000.', at);
  if (quoted !== undefined) return make('quoted', quoted, quoted.slice(1, -1).replaceAll('``', '`'));
  const word = match(WORD, sql, at);
  if (word !== undefined) return make('word', word);
  const number = match(NUMBER, sql, at);
  if (number !== undefined) return numberToken(sql, at, make('number', number));
  const symbol = match(SYMBOL, sql, at);
  if (symbol !== undefined) return make('symbol', symbol);
  throw invalid(unreadable(sql, at), at);
}

/** Spark allows names that begin with a digit; here they need backticks, so that `1day` is never read as `1 day`. */
function numberToken(sql: string, at: number, token: Token): Token {
  if (match(WORD, sql, token.end) !== undefined)
    throw invalid(
      'A name that begins with a digit must stand in backticks, and a number must end before a letter.',
      at,
    );
  return token;
}

function unreadable(sql: string, at: number): string {
  const character = String.fromCodePoint(sql.codePointAt(at) ?? 0);
  if (character === "'" || character === '"') return 'A string does not end.';
  if (character === '`') return 'A name in backticks does not end.';
  return `The character ${JSON.stringify(character)} cannot stand here.`;
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
