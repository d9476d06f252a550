import type { OutputPart, PlacedPiece, TemplatePlace } from './template-code.ts';

/** Where a part of the output comes from. */
export interface OutputPlace extends TemplatePlace {
  /** Offset in the output, in UTF-16 units, as of JavaScript texts. */
  readonly at: number;
  /** Whether the output repeats the template from there on; otherwise a tag made it. */
  readonly isText: boolean;
}

/** Places of the output without its first `skip` characters. */
export function placesOf(
  parts: readonly OutputPart[],
  pieces: readonly PlacedPiece[],
  skip: number,
): OutputPlace[] {
  return parts.flatMap(({ at, piece }) => {
    const found = pieces[piece];
    if (found === undefined || at < skip) return [];
    const isText = found.kind === 'text';
    // A text is marked at its first character other than a space.
    const before = isText ? found.source.slice(0, found.source.search(/\S/)) : '';
    return [{ at: at - skip, isText, ...moved(found.place, before) }];
  });
}

/** `file:line:column` of an offset in the output; undefined if it is not known. */
export function outputPlace(
  sql: string,
  places: readonly OutputPlace[],
  offset: number,
): TemplatePlace | undefined {
  const found = places.findLast(({ at }) => at <= offset);
  if (found === undefined) return undefined;
  const { file, line, column } = found;
  return found.isText ? moved(found, sql.slice(found.at, offset)) : { file, line, column };
}

/** The place behind a text. */
function moved({ file, line, column }: TemplatePlace, text: string): TemplatePlace {
  const lines = text.split('\n');
  const last = Array.from(lines.at(-1) ?? '').length;
  return { file, line: line + lines.length - 1, column: (lines.length > 1 ? 1 : column) + last };
}
