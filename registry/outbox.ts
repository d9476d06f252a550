import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { MillraceError } from '#errors/millrace-error.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { readState, type RegistryStore, type Update } from './commit-to-pair.ts';
import { dossierPrefix, entryKey, parseEntry, type DossierEntry, type StoredEntry } from './dossier.ts';
import { dueAt } from './due-at.ts';
import type { Entities } from './entities.ts';
import { allOf } from './page.ts';
import { pairKey, type Pair } from '#configs/pair.ts';
import { verifyDossier, type DossierCheck } from './verify-dossier.ts';

/** Times a pair is read again because it changed while it was read. */
const READS = 20;
/** Highest number that an entry's key has room for. */
const LAST = 99_999_999;

/**
 * Dossier entries leave for the object store in order: entries 1..copied of the head are there. An entry is put where
 * nothing is and then marked, so a crash between the two copies it again, to the same bytes.
 */
export function createOutbox(store: RegistryStore, objects: ObjectStore) {
  const { entities } = store;

  /**
   * Copies what is not copied yet. Throws `DOSSIER_COPY_DIFFERS` when other bytes stand under an entry's key.
   *
   * @param leaving hears of the entries before they are marked as copied: after a crash in between, once more.
   */
  async function copyOutbox(
    pair: Pair,
    leaving: (entries: readonly DossierEntry[]) => Promise<void> = () => Promise.resolve(),
  ): Promise<{ readonly copied: number }> {
    const { dossier } = await readState(entities, pair);
    const from = dossier.copied + 1;
    const waiting = dossier.count < from ? [] : await readEntries(entities, pair, from, dossier.count);
    if (waiting.length !== dossier.count - dossier.copied) {
      throw new MillraceError(
        'REGISTRY_CONTRADICTS_ITSELF',
        `The pair ${pairKey(pair)} lacks some of its dossier entries ${from} to ${dossier.count}.`,
        { where: pairKey(pair) },
      );
    }
    for (const [index, { text }] of waiting.entries()) {
      await putEntry(objects, entryKey(pair, from + index), text);
    }
    await leaving(waiting.map(parseEntry));
    await markCopied(pair, dossier.count);
    return { copied: dossier.count - dossier.copied };
  }

  /** Moves the mark forward, never back, and lets the pair rest when nothing else is to be done. */
  async function markCopied(pair: Pair, through: number): Promise<void> {
    const state = await readState(entities, pair);
    if (state.seq === 0) return;
    const copied = Math.max(state.dossier.copied, through);
    const due_at = dueAt({ ...state, dossier: { ...state.dossier, copied } });
    const update = entities.head
      .patch(pair)
      .set({ copied, listing: 'pair', due_at })
      .where(
        (item, is) =>
          `${is.eq(item.seq, state.seq)} AND (${is.notExists(item.copied)} OR ${is.lte(item.copied, copied)})`,
      )
      .params<Update>();
    try {
      await store.table.client.send(new UpdateCommand(update));
    } catch (error) {
      // Somebody committed or marked more in between: the pair stays due, and the next copy goes on from there.
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }

  /** Checks the chain, its recorded end and every copy in the object store. */
  async function verify(pair: Pair): Promise<DossierCheck> {
    for (let read = 1; ; read += 1) {
      const before = await readState(entities, pair);
      if (before.seq === 0) {
        throw new MillraceError('PAIR_NOT_FOUND', `The registry has no pair ${pairKey(pair)}.`, {
          where: pairKey(pair),
        });
      }
      const [entries, copies] = await Promise.all([
        readEntries(entities, pair, 1, LAST),
        readCopies(objects, pair),
      ]);
      const { seq } = await readState(entities, pair);
      if (seq === before.seq || read === READS) {
        return verifyDossier(pair, entries, before.dossier, before.dossier.copied, copies);
      }
    }
  }

  return { copyOutbox, verifyDossier: verify };
}

function readEntries(
  entities: Entities,
  pair: Pair,
  from: number,
  through: number,
): Promise<readonly StoredEntry[]> {
  const query = entities.entry.query.byPair(pair).between({ entry: from }, { entry: through });
  return allOf(query, ({ text, digest }) => ({ text, digest }));
}

async function readCopies(objects: ObjectStore, pair: Pair): Promise<ReadonlyMap<number, string>> {
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
