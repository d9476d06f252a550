import { MillraceError } from '#errors/millrace-error.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import type { Pair } from '#configs/pair.ts';
import { dossierPrefix, entryKey } from './dossier.ts';
import type { DossierListener } from './dossier-listener.ts';

/** The listener that copies entries to the object store. */
export const COPIES = 'object_store';

/** Throws `DOSSIER_COPY_DIFFERS` when different bytes are stored under an entry's key. */
export function dossierCopies(objects: ObjectStore): DossierListener {
  return {
    name: COPIES,
    async deliver(pair, entries) {
      for (const { seq, text } of entries) await putEntry(objects, entryKey(pair, seq), text);
    },
  };
}

/** The text of every copy, by number. */
export async function readCopies(objects: ObjectStore, pair: Pair): Promise<ReadonlyMap<number, string>> {
  const copies = new Map<number, string>();
  for await (const { key } of objects.list(dossierPrefix(pair))) {
    const number = /entry=(\d+)\.json$/.exec(key)?.[1];
    if (number !== undefined) copies.set(Number(number), (await objects.get(key)).toString('utf8'));
  }
  return copies;
}

async function putEntry(objects: ObjectStore, key: string, text: string): Promise<void> {
  const { written } = await objects.putIfAbsent(key, text, 'application/json');
  if (written || (await objects.get(key)).toString('utf8') === text) return;
  const where = objects.uri(key);
  throw new MillraceError('DOSSIER_COPY_DIFFERS', `${where} holds other bytes than the registry's entry.`, {
    where,
  });
}
