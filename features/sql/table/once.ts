/** Longer texts are bound to a name, so that nested calls do not double the query at each level. */
const SHORT = 80;

/**
 * A form that uses its arguments more than once. A long argument is put into a list of one element, which a lambda reads,
 * because DuckDB has no other local names in an expression. The form may use only these names: those of a form around it are hidden.
 */
export function once(args: readonly string[], form: (names: readonly string[]) => string): string {
  if (args.every((arg) => arg.length <= SHORT)) return form(args);
  return bound(args, form);
}

/** The same for arguments of any length, for a form with TRY, in which DuckDB allows neither aggregates nor windows. */
export function bound(args: readonly string[], form: (names: readonly string[]) => string): string {
  const fields = args.map((arg, index) => `'a${index}': ${arg}`);
  const names = args.map((_arg, index) => `v.a${index}`);
  return `list_transform([{${fields.join(', ')}}], lambda v: ${form(names)})[1]`;
}

/** Stops the query with a message that names a function and no value. */
export function stop(what: string): string {
  return `error('millrace: ${what}')`;
}
