import type { Span } from './syntax.ts';

/** Replaces a part of the author's text by texts and by parts of it, in which other changes are made. */
export interface Edit extends Span {
  readonly parts: readonly (string | Span)[];
}

/** The author's text with edits made, of which one lies inside another or beside it. */
export function sparkText(sql: string, edits: readonly Edit[]): string {
  return rendered(sql, { from: 0, to: sql.length }, edits);
}

function rendered(sql: string, { from, to }: Span, edits: readonly Edit[]): string {
  const here = edits.filter((edit) => edit.from >= from && edit.to <= to);
  const ordered = here.toSorted((a, b) => a.from - b.from || b.to - a.to);
  let text = '';
  let at = from;
  for (const edit of ordered) {
    if (edit.from < at) continue;
    text += sql.slice(at, edit.from);
    const inside = here.filter((other) => other !== edit);
    for (const part of edit.parts) text += typeof part === 'string' ? part : rendered(sql, part, inside);
    at = edit.to;
  }
  return text + sql.slice(at, to);
}
