import type { Edit } from './analyse/scope.ts';

/** The author's text with edits made, from the last to the first so that offsets stay true. Inner edits come first. */
export function sparkText(sql: string, edits: readonly Edit[]): string {
  return edits
    .toSorted((a, b) => b.from - a.from)
    .reduce((text, { from, to, text: by }) => text.slice(0, from) + by + text.slice(to), sql);
}
