/** A run of one letter of a pattern of Java's DateTimeFormatter, or text between such runs. */
export type Piece = { readonly letter: string; readonly count: number } | { readonly text: string };

/** The pieces of a pattern, or undefined for one that has optional parts, is open at its end, or is refused by Java. */
export function piecesOf(pattern: string): readonly Piece[] | undefined {
  const pieces: Piece[] = [];
  let rest = pattern;
  while (rest !== '') {
    const quoted = /^'((?:[^']|'')*)'/.exec(rest);
    const letters = /^([A-Za-z])\1*/.exec(rest);
    const [taken] = quoted ?? letters ?? [rest.slice(0, 1)];
    if (quoted !== null)
      pieces.push({ text: quoted[1] === '' ? "'" : (quoted[1] ?? '').replaceAll("''", "'") });
    else if (letters !== null) pieces.push({ letter: letters[1] ?? '', count: taken.length });
    else if (/['[\]{}#]/.test(taken)) return undefined;
    else pieces.push({ text: taken });
    rest = rest.slice(taken.length);
  }
  return pieces;
}
