/** Lines of text as comments of SQL. */
export function commentLines(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `-- ${line}`.trimEnd())
    .map((line) => `${line}\n`)
    .join('');
}
