import { MillraceError } from '#errors/millrace-error.ts';

/** Values and names as Spark SQL text. This is the only place that turns values into SQL. */
export function sqlLiteral(value: string | number | boolean): string {
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  if (typeof value === 'number') return numberLiteral(value);
  if (value.includes('\0'))
    throw new MillraceError('FEATURE_PARAM_INVALID', 'A text value holds the character U+0000.');
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** `date` is `YYYY-MM-DD`. */
export function dateLiteral(date: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date))
    throw new MillraceError('FEATURE_PARAM_INVALID', `"${date}" is not a date of the form YYYY-MM-DD.`);
  return `DATE '${date}'`;
}

/** An instant of whole seconds, in UTC, in which timestamps are read. */
export function timestampLiteral(instant: { readonly epochMilliseconds: number }): string {
  const text = new Date(instant.epochMilliseconds).toISOString();
  return `TIMESTAMP '${text.slice(0, 10)} ${text.slice(11, 19)}'`;
}

export function identifier(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

function numberLiteral(value: number): string {
  if (!Number.isFinite(value))
    throw new MillraceError('FEATURE_PARAM_INVALID', `${value} is not a number that SQL can hold.`);
  // In brackets, since `x -{{ n }}` would otherwise begin a comment.
  return value < 0 ? `(${value})` : String(value);
}
