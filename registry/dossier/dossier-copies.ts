import { createHash } from 'node:crypto';
import pLimit from 'p-limit';
import { MillraceError } from '#errors/millrace-error.ts';
import type { ObjectInfo, ObjectStore } from '#platform/objects/object-store.ts';
import { getIfPresent } from '#platform/objects/verified-object.ts';
import type { Pair } from '#configs/pair.ts';
import type { StoredEntry } from './dossier.ts';
import type { DeliveredEntry, DossierListener } from './dossier-listener.ts';
import type { Range } from './ranges.ts';
import {
  BLOCK_ENTRIES,
  blockOf,
  compareSegment,
  cutSegment,
  dossierPrefix,
  entriesOfSize,
  firstEntryOf,
  joinStates,
  SEGMENT_BYTES,
  segmentBody,
  segmentKey,
  type CopyState,
} from './segments.ts';

/** The listener that copies entries to the object store. */
export const COPIES = 'dossier_segments';

const BLOCKS_AT_ONCE = 4;
const READS_AT_ONCE = 4;

/** Reads the entries of a range, strongly consistent. */
export type ReadEntries = (pair: Pair, range: Range) => Promise<ReadonlyMap<number, StoredEntry>>;

/** A segment as the object store lists it. */
export interface ListedSegment extends ObjectInfo {
  /** Number of its first entry. */
  readonly from: number;
}

/** Throws `DOSSIER_COPY_DIFFERS` if a segment that exists already has other bytes than the registry's entries. */
export function dossierCopies(objects: ObjectStore, read: ReadEntries): DossierListener {
  async function copy(pair: Pair, entries: readonly DeliveredEntry[]): Promise<number> {
    const from = entries[0]?.seq ?? 0;
    const key = segmentKey(pair, from);
    const { written } = await objects.putIfAbsent(key, segmentBody(entries), 'application/jsonl');
    return written ? from + entries.length - 1 : adopt(pair, from, key);
  }

  /** Another writer was here first, perhaps when there were fewer entries or more. */
  async function adopt(pair: Pair, from: number, key: string): Promise<number> {
    const [info, entries] = await Promise.all([
      objects.head(key),
      read(pair, { from, through: blockOf(from).through }),
    ]);
    const segments = info === undefined ? [] : [{ ...info, from }];
    const states = await compareCopies(objects, segments, entries);
    const isSame = [...states.values()].every((state) => state === 'same');
    if (states.size > 0 && isSame) return from + states.size - 1;
    const where = objects.uri(key);
    const message = `${where} holds other bytes than the registry's entries.`;
    throw new MillraceError('DOSSIER_COPY_DIFFERS', message, { where });
  }

  return {
    name: COPIES,
    batch: BLOCK_ENTRIES,
    atOnce: BLOCKS_AT_ONCE,
    async deliver(pair, entries) {
      let through = 0;
      for (let rest = entries; rest.length > 0; rest = rest.filter(({ seq }) => seq > through)) {
        through = await copy(pair, cutSegment(rest));
      }
      return through;
    },
  };
}

/**
 * Segments with a first entry in the blocks of a range, and every object before and between them, in order. Throws
 * `DOSSIER_COPY_UNKNOWN` for an object other than a segment.
 */
export async function listSegments(
  objects: ObjectStore,
  pair: Pair,
  { from, through }: Range,
): Promise<readonly ListedSegment[]> {
  const before = blockOf(from).from - 1;
  const segments: ListedSegment[] = [];
  const after = before === 0 ? undefined : segmentKey(pair, before);
  for await (const info of objects.list(dossierPrefix(pair), after)) {
    const first = firstEntryOf(pair, info.key);
    if (first === undefined) throw unknownCopy(objects, info.key);
    if (first > blockOf(through).through) break;
    segments.push({ ...info, from: first });
  }
  return segments;
}

/** Compares the segments of one block with its entries. Entries without a copy are left out. */
export async function compareCopies(
  objects: ObjectStore,
  segments: readonly ListedSegment[],
  entries: ReadonlyMap<number, StoredEntry>,
): Promise<ReadonlyMap<number, CopyState>> {
  const atOnce = pLimit(READS_AT_ONCE);
  return joinStates(
    await Promise.all(segments.map((one) => atOnce(() => compareObject(objects, one, entries)))),
  );
}

/**
 * An object whose ETag is the MD5 of the entries that have its size holds their bytes; only others are read, since not
 * every store has such ETags.
 */
async function compareObject(
  objects: ObjectStore,
  { key, from, size, etag }: ListedSegment,
  entries: ReadonlyMap<number, StoredEntry>,
): Promise<ReadonlyMap<number, CopyState>> {
  const expected = entriesOfSize(from, entries, size);
  if (expected !== undefined && etag.replaceAll('"', '') === md5(segmentBody(expected))) {
    return new Map(expected.map((_entry, index) => [from + index, 'same']));
  }
  if (expected === undefined && size > SEGMENT_BYTES) return new Map([[from, 'other']]);
  const found = await getIfPresent(objects, key);
  return found === undefined ? new Map() : compareSegment(from, entries, found);
}

function unknownCopy(objects: ObjectStore, key: string): MillraceError {
  const where = objects.uri(key);
  return new MillraceError('DOSSIER_COPY_UNKNOWN', `${where} is not a segment of a dossier.`, { where });
}

function md5(bytes: Buffer): string {
  return createHash('md5').update(bytes).digest('hex');
}
