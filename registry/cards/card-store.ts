import { sha256Hex } from '#configs/canonical.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { cardSchema, type Card } from './card.ts';

export interface StoredCard {
  readonly key: string;
  readonly sha256: string;
}

/** Stores a card's canonical JSON under its own digest, `cards/<sha256>.json`; writing it twice is writing it once. */
export async function writeCard(objects: ObjectStore, text: string): Promise<StoredCard> {
  const sha256 = sha256Hex(text);
  const key = `cards/${sha256}.json`;
  try {
    await objects.putIfAbsent(key, text, 'application/json');
  } catch (error) {
    if (!(error instanceof MillraceError && error.code === 'OBJECT_EXISTS')) throw error;
  }
  return { key, sha256 };
}

/** Throws `CARD_UNREADABLE` unless the object has the recorded digest and is a card. */
export async function readCard(objects: ObjectStore, { key, sha256 }: StoredCard): Promise<Card> {
  const where = objects.uri(key);
  const body = await objects.get(key).catch((cause: unknown) => {
    if (!(cause instanceof MillraceError && cause.code === 'OBJECT_NOT_FOUND')) throw cause;
    throw new MillraceError('CARD_UNREADABLE', `${where} does not exist`, { where, cause });
  });
  if (sha256Hex(body) !== sha256) {
    throw new MillraceError('CARD_UNREADABLE', `${where} does not have SHA-256 ${sha256}`, { where });
  }
  const card = cardSchema.safeParse(JSON.parse(body.toString('utf8')));
  if (card.success) return card.data;
  throw new MillraceError('CARD_UNREADABLE', `${where} is no model card`, { where, cause: card.error });
}
