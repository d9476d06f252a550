import type { Typed } from './typed.ts';

type Constant = string | boolean | null;

/**
 * The text of a literal, also if it was converted to another type, or of an array of literals as JSON. Undefined for what
 * is not a constant.
 */
export function constantOf(value: Typed): Constant | undefined {
  if (value.kind === 'cast') return constantOf(value.of);
  if (value.kind !== 'apply' || value.entry.name !== 'array') return literalOf(value);
  const items = value.args.map(literalOf);
  return items.includes(undefined) ? undefined : JSON.stringify(items);
}

function literalOf(value: Typed): Constant | undefined {
  if (value.kind === 'literal') return value.value;
  return value.kind === 'cast' ? literalOf(value.of) : undefined;
}
