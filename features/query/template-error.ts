import type { FeatureSetConfig } from '#configs/feature-set.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { expressionOf, type PlacedPiece, type TemplateFile, VALUE } from './template-code.ts';
import { undefinedName } from './template-names.ts';

/** The engine's message about a template, in the terms of its author. `files` are in the order of rendering. */
export function templateError(
  set: FeatureSetConfig,
  files: readonly TemplateFile[],
  pieces: readonly PlacedPiece[],
  message: string,
): MillraceError {
  const [summary = '', ...excerpt] = message.split('\n');
  const line = Number(/\(in query\.sql:(\d+)\)/.exec(summary)?.[1] ?? Number.NaN);
  const { where, text } = placeOf(set, files, line);
  const what = summary.replace(/ ?\(in query\.sql:\d+\)/, '');
  const details = {
    line_text: text,
    sources: set.sources,
    features: set.feature_sets,
    params: Object.keys(set.params),
  };
  if (what === 'undefined value') {
    const name = undefinedIn(excerpt, pieces);
    if (name !== undefined) return undefinedName(set, name, where);
  }
  const code = /out of fuel/.test(summary) ? 'TEMPLATE_TOO_LONG' : 'TEMPLATE_INVALID';
  return new MillraceError(code, `The template cannot be rendered: ${what}.`, { where, details });
}

/** The file that a line of the rendered template is in: the files stand below one another. */
function placeOf(
  set: FeatureSetConfig,
  files: readonly TemplateFile[],
  line: number,
): { readonly where: string; readonly text: string } {
  let first = 1;
  for (const { file, text } of files) {
    const lines = text.split('\n');
    const isLast = file === files.at(-1)?.file;
    // Only the last file does not end with a line break.
    const count = lines.length - (isLast ? 0 : 1);
    if (line < first + count) {
      const inFile = line - first + 1;
      return { where: `${file}:${inFile}`, text: lines[inFile - 1]?.trim() ?? '' };
    }
    first += count;
  }
  return { where: set.sql, text: '' };
}

/** The code that the engine underlines in its excerpt. */
function undefinedIn(excerpt: readonly string[], pieces: readonly PlacedPiece[]): string | undefined {
  const at = excerpt.findIndex((line) => /^ +i +\^+ undefined value$/.test(line));
  const carets = excerpt[at];
  if (carets === undefined) return undefined;
  const from = carets.indexOf('^');
  const line = Array.from(excerpt[at - 1] ?? '');
  const marked = line.slice(from, carets.lastIndexOf('^') + 1).join('');
  // Of `a.b.c` the engine underlines only `.b.c`.
  const owner = /^[.[]/.test(marked) ? (/[\w.]+$/.exec(line.slice(0, from).join(''))?.[0] ?? '') : '';
  const code = owner + marked;
  if (!code.startsWith(VALUE)) return code === '' ? undefined : code;
  return expressionOf(pieces[Number(code.slice(VALUE.length))]?.source ?? '');
}
