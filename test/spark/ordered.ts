/** Texts, quoted names and comments, in which brackets and words mean nothing. */
const QUOTED = /'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`[^`]*`|--[^\n]*|\/\*[\s\S]*?\*\//g;

/** True if the outermost query has an ORDER BY, so that the order of its rows is part of its meaning. */
export function isOrdered(sql: string): boolean {
  let text = sql.replaceAll(QUOTED, ' ');
  for (let before = ''; before !== text;) {
    before = text;
    text = text.replaceAll(/\([^()]*\)/g, ' ');
  }
  return /\border\s+by\b/i.test(text);
}
