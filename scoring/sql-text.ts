/** A name or text as SQL. The schema restricts column names to plain identifiers, but paths may contain anything. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
