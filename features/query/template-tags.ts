/** One piece of a Jinja template. All pieces together are the template. */
export interface TemplatePiece {
  /** `text` is copied to the output, `insertion` is `{{ … }}`, `tag` is `{% … %}` or a comment. */
  readonly kind: 'text' | 'insertion' | 'tag';
  readonly source: string;
  /** Offset in the template. */
  readonly at: number;
}

const CLOSING: Readonly<Record<string, string>> = { '{{': '}}', '{%': '%}' };

/**
 * Splits a template at its tags. A tag that does not end makes the rest one `tag`, whose fault the engine then reports.
 * The content of `{% raw %}` belongs to its tag.
 */
export function templatePieces(template: string): TemplatePiece[] {
  const pieces: TemplatePiece[] = [];
  const add = (kind: TemplatePiece['kind'], from: number, to: number): void => {
    if (to > from) pieces.push({ kind, source: template.slice(from, to), at: from });
  };
  let at = 0;
  while (at < template.length) {
    const found = /\{[{%#]/g;
    found.lastIndex = at;
    const start = found.exec(template)?.index ?? template.length;
    add('text', at, start);
    if (start === template.length) break;
    const end = tagEnd(template, start);
    const isInsertion = template.startsWith('{{', start) && end !== undefined;
    at = end ?? template.length;
    add(isInsertion ? 'insertion' : 'tag', start, at);
  }
  return pieces;
}

/** The code between the delimiters of a tag, with the content of its texts blanked, so that it can be searched. */
export function codeOf(source: string): string {
  return source.replaceAll(
    /'(?:\\[^]|[^'\\])*'|"(?:\\[^]|[^"\\])*"/g,
    (text) => `''${' '.repeat(text.length - 2)}`,
  );
}

/** Undefined if the tag does not end. */
function tagEnd(template: string, start: number): number | undefined {
  const open = template.slice(start, start + 2);
  if (open === '{#') return after(template, '#}', start + 2);
  const end = codeEnd(template, start + 2, CLOSING[open] ?? '');
  if (end === undefined || !/^\{%[-+]?\s*raw\s*[-+]?%\}$/.test(template.slice(start, end))) return end;
  const endRaw = /\{%[-+]?\s*endraw\s*[-+]?%\}/g;
  endRaw.lastIndex = end;
  const match = endRaw.exec(template);
  return match === null ? template.length : match.index + match[0].length;
}

/** The offset behind the delimiter that ends the code; delimiters in texts and brackets do not count. */
function codeEnd(template: string, start: number, close: string): number | undefined {
  let depth = 0;
  for (let at = start; at < template.length; at += 1) {
    const char = template.charAt(at);
    if (depth === 0 && template.startsWith(close, at)) return at + close.length;
    if (char === "'" || char === '"') at = textEnd(template, at);
    else if ('([{'.includes(char)) depth += 1;
    else if (')]}'.includes(char)) depth -= 1;
    if (depth < 0) return undefined;
  }
  return undefined;
}

function textEnd(template: string, start: number): number {
  const quote = template.charAt(start);
  for (let at = start + 1; at < template.length; at += 1) {
    if (template.charAt(at) === '\\') at += 1;
    else if (template.charAt(at) === quote) return at;
  }
  return template.length;
}

function after(template: string, what: string, from: number): number {
  const at = template.indexOf(what, from);
  return at === -1 ? template.length : at + what.length;
}
