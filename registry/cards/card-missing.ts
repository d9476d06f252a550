import { cardTextSchema } from '#configs/card-texts.ts';
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

/** The keys of a model's YAML differ from the names of the card's fields here. */
const KEYS: Readonly<Record<string, string>> = { 'limits.known_failure_modes': 'limitations' };

/** The field with the key of the model's YAML that fills it; the platform fills all other fields itself. */
export function fieldWithKey(path: string): string {
  const key = KEYS[path] ?? path.split('.').at(-1) ?? path;
  return key in cardTextSchema.shape ? `${path} (card.${key} in the YAML of the model)` : path;
}
