import type { Card } from './card.ts';

/** Values of the config's own, in which null is a value like any other. */
const NOT_FIELDS = new Set(['build.hyperparameters', 'performance.gates', 'data.split']);

/** Paths of the fields that nobody has filled, such as `purpose.product`; an approval waits for all of them. */
export function missingFields(card: Card): readonly string[] {
  return [...nulls(card, '')];
}

function* nulls(value: unknown, path: string): Generator<string> {
  if (value === null) {
    yield path;
    return;
  }
  if (typeof value !== 'object' || NOT_FIELDS.has(path)) return;
  for (const [name, inner] of Object.entries(value))
    yield* nulls(inner, path === '' ? name : `${path}.${name}`);
}
