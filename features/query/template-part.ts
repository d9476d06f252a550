/** What stands between tokens. `length` is that in the template. */
export interface Separator {
  readonly kind: 'space' | 'line comment' | 'block comment' | 'comment of Jinja';
  readonly length: number;
  /** Removes the space before or after it: `{#- … -#}`. */
  readonly trimsBefore?: boolean;
  readonly trimsAfter?: boolean;
}

/** A token, or a tag in its canonical form. `length` is that in the template. */
export interface Token {
  readonly text: string;
  readonly length: number;
}

const JINJA_COMMENT = /\{#[^]*?#\}/y;
const LINE_COMMENT = /--[^\n]*/y;
const SPACE = /\s+/y;
const WORD = /[\p{L}\p{N}_]+/uy;
/** From its opening to its end; texts within it may hold braces. */
const TAG =
  /\{([{%])([-+]?)((?:[^'"{}%]|%(?!\})|"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*')*?)([-+]?)(?:\}\}|%\})/y;
const TEXT_IN_TAG = /"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*'|\s+/g;
/** What a text of a tag may not hold, since it would change how the SQL around it is read. */
const CHANGES_READING = /['"`]|--|\/\*/;

/** The part that begins at a place. Undefined if it cannot be told with certainty where it ends. */
export function templatePart(template: string, at: number): Separator | Token | undefined {
  // Other readers of SQL end or go on with a line there.
  if (template[at] === '\r' && template[at + 1] !== '\n') return undefined;
  const two = template.slice(at, at + 2);
  if (two === '{#') return jinjaComment(template, at);
  if (two === '{{' || two === '{%') return tag(template, at);
  if (two === '--') return lineComment(template, at);
  // A hint, `/*+ … */`, is not a comment.
  if (two === '/*' && template[at + 2] !== '+') return separator('block comment', blockComment(template, at));
  const first = template[at] ?? '';
  if (`'"\``.includes(first)) return token(quoted(template, at, first));
  // In a raw text a backslash is a character like any other.
  if (/r/i.test(first) && /['"]/.test(two.slice(1))) return token(rawText(template, at));
  const space = match(SPACE, template, at);
  return space === undefined ? token(match(WORD, template, at) ?? first) : separator('space', space);
}

function match(pattern: RegExp, template: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(template)?.[0];
}

/** A tag has its effect in a comment and in a quoted text, too. */
function hasTag(text: string): boolean {
  return /\{[{%#]/.test(text);
}

function lineComment(template: string, at: number): Separator | undefined {
  const text = match(LINE_COMMENT, template, at);
  const isClear = text !== undefined && !/\r(?!$)|\\\r?$/.test(text);
  return isClear ? separator('line comment', text) : undefined;
}

function separator(kind: Separator['kind'], text: string | undefined): Separator | undefined {
  return text === undefined || hasTag(text) ? undefined : { kind, length: text.length };
}

function token(text: string | undefined): Token | undefined {
  return text === undefined || hasTag(text) ? undefined : { text, length: text.length };
}

function jinjaComment(template: string, at: number): Separator | undefined {
  const text = match(JINJA_COMMENT, template, at);
  if (text === undefined) return undefined;
  return {
    kind: 'comment of Jinja',
    length: text.length,
    trimsBefore: text.startsWith('{#-'),
    trimsAfter: text.endsWith('-#}'),
  };
}

function tag(template: string, at: number): Token | undefined {
  TAG.lastIndex = at;
  const [text, kind, before = '', inner = '', after = ''] = TAG.exec(template) ?? [];
  if (text === undefined || kind === undefined || /^\s*raw\b/.test(inner)) return undefined;
  const texts = inner.match(TEXT_IN_TAG) ?? [];
  if (texts.some((one) => CHANGES_READING.test(one.slice(1, -1)))) return undefined;
  const said = inner.replaceAll(TEXT_IN_TAG, (one) => (one.trim() === '' ? ' ' : one)).trim();
  const closes = kind === '{' ? '}}' : '%}';
  if (!text.endsWith(closes)) return undefined;
  return { text: `{${kind}${before} ${said} ${after}${closes}`, length: text.length };
}

/** Block comments nest in Spark SQL. */
function blockComment(template: string, at: number): string | undefined {
  let depth = 0;
  for (let end = at; end < template.length; end += 1) {
    const two = template.slice(end, end + 2);
    if (two !== '/*' && two !== '*/') continue;
    depth += two === '/*' ? 1 : -1;
    end += 1;
    if (depth === 0) return template.slice(at, end + 1);
  }
  return undefined;
}

function rawText(template: string, at: number): string | undefined {
  const end = template.indexOf(template[at + 1] ?? '', at + 2);
  return end < 0 ? undefined : template.slice(at, end + 1);
}

function quoted(template: string, at: number, quote: string): string | undefined {
  for (let end = at + 1; end < template.length; end += 1) {
    if (template[end] === '\\' && quote !== '`') end += 1;
    else if (template[end] === quote) return template.slice(at, end + 1);
  }
  return undefined;
}
