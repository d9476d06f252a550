import { createHash } from 'node:crypto';
import pLimit from 'p-limit';
import { MillraceError } from '#errors/millrace-error.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { getIfPresent } from '#platform/objects/verified-object.ts';
import type { Pair } from '#configs/pair.ts';
import { dossierPrefix, entryKey } from './dossier.ts';
import type { DeliveredEntry, DossierListener } from './dossier-listener.ts';
import type { CopyState } from './verify-dossier.ts';

/** The listener that copies entries to the object store. */
export const COPIES = 'object_store';

/** Entries whose copies are found with one listing: those whose numbers differ only in the last three digits. */
export const COPIES_LISTED = 1_000;

/** A mark costs two requests, a repeated copy one. */
const COPIES_MARKED = 500;
const REQUESTS_AT_ONCE = 16;

/** Throws `DOSSIER_COPY_DIFFERS` when different bytes are stored under an entry's key. */
export function dossierCopies(objects: ObjectStore): DossierListener {
  return {
    name: COPIES,
    batch: COPIES_MARKED,
    async deliver(pair, entries) {
      const atOnce = pLimit(REQUESTS_AT_ONCE);
      await Promise.all(
        entries.map(({ seq, text }) => atOnce(() => putEntry(objects, entryKey(pair, seq), text))),
      );
    },
  };
}

/**
 * Compares consecutive entries, at most `COPIES_LISTED` that one listing finds, with their copies. A copy whose ETag is
 * the MD5 of the entry has the entry's bytes; only other copies are read, since not every store has such ETags.
 */
export async function compareCopies(
  objects: ObjectStore,
  pair: Pair,
  entries: readonly DeliveredEntry[],
): Promise<ReadonlyMap<number, CopyState>> {
  const [first] = entries;
  if (first === undefined) return new Map();
  const etags = new Map<string, string>();
  const group = entryKey(pair, first.seq).replace(/\d{3}\.json$/, '');
  for await (const { key, etag } of objects.list(group)) etags.set(key, etag);
  const atOnce = pLimit(REQUESTS_AT_ONCE);
  const states = await Promise.all(
    entries.map(async ({ seq, text }): Promise<readonly [number, CopyState] | undefined> => {
      const key = entryKey(pair, seq);
      const etag = etags.get(key);
      if (etag === undefined) return undefined;
      if (etag.replaceAll('"', '') === md5(text)) return [seq, 'same'];
      const copy = await atOnce(() => getIfPresent(objects, key));
      return copy === undefined ? undefined : [seq, copy.toString('utf8') === text ? 'same' : 'other'];
    }),
  );
  return new Map(states.filter((state) => state !== undefined));
}

/** Numbers of the copies of entries after `count`. */
export async function copiesAfter(objects: ObjectStore, pair: Pair, count: number): Promise<number[]> {
  const numbers: number[] = [];
  for await (const { key } of objects.list(dossierPrefix(pair), entryKey(pair, count))) {
    const number = Number(/entry=(\d+)\.json$/.exec(key)?.[1]);
    if (number > count) numbers.push(number);
  }
  return numbers;
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

async function putEntry(objects: ObjectStore, key: string, text: string): Promise<void> {
  const { written } = await objects.putIfAbsent(key, text, 'application/json');
  if (written || (await objects.get(key)).toString('utf8') === text) return;
  const where = objects.uri(key);
  throw new MillraceError('DOSSIER_COPY_DIFFERS', `${where} holds other bytes than the registry's entry.`, {
    where,
  });
}
