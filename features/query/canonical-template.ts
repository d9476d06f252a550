import { type Separator, templatePart } from './template-part.ts';

/** Tokens by themselves, with or without a space beside them. */
const ALONE: ReadonlySet<string> = new Set(['(', ')', ',']);

/**
 * A SQL template without comments (of SQL and of Jinja), and with at most one space between two tokens. Two templates with the
 * same result render to the same tokens. Undefined if layout and content cannot be told apart with certainty: a tag within a
 * quoted text or a comment of SQL, a raw block, a quote or a tag that is not closed.
 */
export function canonicalTemplate(template: string): string | undefined {
  const texts: string[] = [];
  let before = '';
  let separators: Separator[] = [];
  for (let at = 0; at <= template.length;) {
    const part = at === template.length ? END : templatePart(template, at);
    if (part === undefined) return undefined;
    at += Math.max(part.length, 1);
    if ('kind' in part) {
      separators.push(part);
      continue;
    }
    const between = separation(before, separators, part.text);
    if (between === undefined) return undefined;
    texts.push(between, part.text);
    before = part.text;
    separators = [];
  }
  return texts.join('').replace(/;$/, '');
}

const END = { text: '', length: 0 } as const;

/**
 * What stands between two tokens: nothing, or a space, kept from a tag that would remove it. Undefined where a
 * tag decides where a comment begins or ends, and where the tokens would become one of another meaning.
 */
function separation(before: string, separators: readonly Separator[], after: string): string | undefined {
  const trims = { before: /^\{[{%]-/.test(after), after: /-[%}]\}$/.test(before) };
  let apart = false;
  let beside: 'token' | 'tag' | 'space' = /[%}]\}$/.test(before) ? 'tag' : 'token';
  for (const [index, { kind }] of separators.entries()) {
    const previous = separators[index - 1];
    const next = separators[index + 1];
    const trimmed =
      (previous === undefined ? trims.after : previous.trimsAfter === true) ||
      (next === undefined ? trims.before : next.trimsBefore === true);
    if (kind === 'comment of Jinja') beside = beside === 'space' ? beside : 'tag';
    else if (kind !== 'space') {
      if (beside === 'tag') return undefined;
      apart = true;
      beside = 'token';
    } else if (!trimmed) {
      apart = true;
      beside = 'space';
    } else if (previous?.kind === 'line comment') return undefined;
  }
  if (!apart && mayJoin(before, after)) return undefined;
  if (!apart || before === '' || after === '' || ALONE.has(before) || ALONE.has(after)) return '';
  return `${trims.after ? '{##}' : ''} ${trims.before ? '{##}' : ''}`;
}

/** Whether two tokens side by side may begin a comment or a tag. What a tag renders to may begin or end with either sign. */
function mayJoin(before: string, after: string): boolean {
  if (/[%}]\}$/.test(before) && /^[-*]/.test(after)) return true;
  if (/[-/]$/.test(before) && /^\{[{%]/.test(after)) return true;
  return /^(?:--|\/\*|\{[{%#])$/.test(`${before.slice(-1)}${after.slice(0, 1)}`);
}
