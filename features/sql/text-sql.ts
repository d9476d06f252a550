/** A text as a DuckDB literal in quotes; a NUL character, which DuckDB's parser would end at, as chr(0). */
export function textSql(text: string): string {
  const pieces = text.split('\0').map((piece) => `'${piece.replaceAll("'", "''")}'`);
  return pieces.length === 1 ? (pieces[0] ?? "''") : `(${pieces.join(' || chr(0) || ')})`;
}

/** A name in double quotes, which may hold any character. */
export function nameSql(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
