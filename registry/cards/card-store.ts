import { sha256Hex } from '#configs/canonical.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { readVerified } from '#platform/objects/verified-object.ts';
import { cardSchema, type Card } from './card.ts';

export interface StoredCard {
  readonly key: string;
  readonly sha256: string;
}

/** Error codes for a card that is missing or differs from the record. */
export const CARD_CODES = { missing: 'CARD_UNREADABLE', differs: 'CARD_UNREADABLE' } as const;

/** Stores a card's canonical JSON under its own digest, `cards/<sha256>.json`. Idempotent. */
export async function writeCard(objects: ObjectStore, text: string): Promise<StoredCard> {
  const sha256 = sha256Hex(text);
  const key = `cards/${sha256}.json`;
  await objects.putIfAbsent(key, text, 'application/json');
  return { key, sha256 };
}

/** Throws `CARD_UNREADABLE` unless the object has the recorded digest and is a valid card. */
export async function readCard(objects: ObjectStore, stored: StoredCard): Promise<Card> {
  const body = await readVerified(objects, stored, CARD_CODES);
  const card = cardSchema.safeParse(JSON.parse(body.toString('utf8')));
  if (card.success) return card.data;
  const where = objects.uri(stored.key);
  throw new MillraceError('CARD_UNREADABLE', `${where} is not a model card.`, { where, cause: card.error });
}
