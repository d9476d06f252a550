import { cardTextSchema } from '#configs/card-texts.ts';
import type { Card } from './card.ts';

/** Values copied from the config, where null is an ordinary value. */
const NOT_FIELDS = new Set(['build.hyperparameters', 'performance.gates', 'data.split']);

/** Paths of the empty fields, such as `purpose.product`. A version cannot be approved until all are filled. */
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

/** Card fields whose key in the model's YAML has a different name. */
const KEYS: Readonly<Record<string, string>> = { 'limits.known_failure_modes': 'limitations' };

/** A field with the key in the model's YAML that fills it. The platform fills all other fields itself. */
export function fieldWithKey(path: string): string {
  const key = KEYS[path] ?? path.split('.').at(-1) ?? path;
  return key in cardTextSchema.shape ? `${path} (set card.${key} in the model's YAML)` : path;
}
