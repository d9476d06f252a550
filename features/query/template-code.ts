import { codeOf, type TemplatePiece, templatePieces } from './template-tags.ts';

export interface TemplateFile {
  /** Path as written in the config. */
  readonly file: string;
  readonly text: string;
}

/** Line and column count from 1; columns count characters. */
export interface TemplatePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A piece of a file, with its place. */
export interface PlacedPiece extends TemplatePiece {
  readonly place: TemplatePlace;
}

/** Enclose the number of a piece in marked output; private characters, which no query needs. */
const MARK = ['\uE000', '\uE001'] as const;
const MARKS = /\uE000(\d+)\uE001/g;

/** Name that an insertion's value has while it is printed; the number is that of the piece. */
export const VALUE = 'millrace_value_';

export function piecesOf(files: readonly TemplateFile[]): PlacedPiece[] {
  return files.flatMap(({ file, text }) => {
    let [line, column] = [1, 1];
    return templatePieces(text).map((piece) => {
      const place = { file, line, column };
      const lines = piece.source.split('\n');
      column = (lines.length > 1 ? 1 : column) + Array.from(lines.at(-1) ?? '').length;
      line += lines.length - 1;
      return { ...piece, place };
    });
  });
}

/**
 * The template as the engine renders it. Insertions print through `millrace_sql` if they may need a form of their own in
 * SQL. With marks, the output says which piece each part of it comes from. Lines stay as they are.
 */
export function engineCode(pieces: readonly PlacedPiece[], marked: boolean): string {
  return pieces
    .map(({ kind, source }, index) => {
      const mark = marked ? MARK.join(String(index)) : '';
      if (kind === 'insertion') return insertionCode(source, index, mark);
      // Whitespace around tags may be trimmed, so a mark before it would change what is trimmed.
      return kind === 'text' ? source.replace(/\S/, (first) => mark + first) : source;
    })
    .join('');
}

/** The code inside `{{ … }}`. */
export function expressionOf(source: string): string {
  return source
    .replace(/^\{\{[-+]?/, '')
    .replace(/[-+]?\}\}$/, '')
    .trim();
}

function insertionCode(source: string, index: number, mark: string): string {
  const [, begin = '', expression = '', end = ''] = /^\{\{([-+]?)([^]*?)([-+]?)\}\}$/.exec(source) ?? [];
  // Of an empty or broken one, the engine's message says more.
  if (codeOf(expression).trim() === '') return source;
  const value = `${VALUE}${index}`;
  return (
    `{%${begin} set ${value} = (${expression}) %}${mark}` +
    `{% if ${value} is safe or (${value} is number and (${value} ~ '') is startingwith '-') %}` +
    `{{ ${value} | millrace_sql(${value} ~ '', ${index}) }}{% else %}{{ ${value} }}{% endif ${end}%}`
  );
}

/** A part of the output and the piece it comes from. `at` counts characters of the output without marks. */
export interface OutputPart {
  readonly at: number;
  readonly piece: number;
}

/** Takes the marks out of marked output. */
export function withoutMarks(marked: string): { readonly text: string; readonly parts: OutputPart[] } {
  const parts: OutputPart[] = [];
  let removed = 0;
  for (const match of marked.matchAll(MARKS)) {
    parts.push({ at: match.index - removed, piece: Number(match[1]) });
    removed += match[0].length;
  }
  return { text: marked.replaceAll(MARKS, ''), parts };
}
