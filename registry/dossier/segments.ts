import type { Pair } from '#configs/pair.ts';
import type { StoredEntry } from './dossier.ts';
import type { DeliveredEntry } from './dossier-listener.ts';
import type { Range } from './ranges.ts';

/**
 * Copies of a dossier are segments: objects with consecutive entries, one line each. An object's key names its first
 * entry only, and the object is written once. The next segment begins after its last entry, or at a new block. So every
 * writer, whenever it reads the mark and the end of the chain, arrives at the same keys, and segments never overlap.
 */

/** No segment crosses a multiple of this number, so that blocks can be copied and compared independently. */
export const BLOCK_ENTRIES = 1_000;

/** The most bytes of a segment with more than one entry. Lowering it would make longer segments unreadable. */
export const SEGMENT_BYTES = 4 * 1024 ** 2;

/** Whether the copy of an entry in the object store has the entry's bytes. */
export type CopyState = 'same' | 'other';

/** `dossiers/model=<m>/feature_set=<f>/from=00000001.jsonl`. */
export function segmentKey(pair: Pair, from: number): string {
  return `${dossierPrefix(pair)}from=${String(from).padStart(8, '0')}.jsonl`;
}

export function dossierPrefix(pair: Pair): string {
  return `dossiers/model=${pair.model}/feature_set=${pair.feature_set}/`;
}

/** The number of a segment's first entry; undefined if the key is not the key of a segment of the pair. */
export function firstEntryOf(pair: Pair, key: string): number | undefined {
  const number = Number(/(\d+)\.jsonl$/.exec(key)?.[1] ?? 0);
  return number > 0 && key === segmentKey(pair, number) ? number : undefined;
}

/** The numbers of an entry's block. */
export function blockOf(seq: number): Range {
  const through = Math.ceil(seq / BLOCK_ENTRIES) * BLOCK_ENTRIES;
  return { from: through - BLOCK_ENTRIES + 1, through };
}

/** Those of consecutive entries, from the first one on, that belong into one segment. */
export function cutSegment(entries: readonly DeliveredEntry[]): readonly DeliveredEntry[] {
  const last = blockOf(entries[0]?.seq ?? 1).through;
  let bytes = 0;
  const end = entries.findIndex(({ seq, text }, index) => {
    bytes += Buffer.byteLength(text) + 1;
    return seq > last || (index > 0 && bytes > SEGMENT_BYTES);
  });
  return end === -1 ? entries : entries.slice(0, end);
}

/** The bytes of a segment. Canonical JSON has no line breaks. */
export function segmentBody(entries: readonly StoredEntry[]): Buffer {
  return Buffer.from(entries.map(({ text }) => `${text}\n`).join(''));
}

/** The entries, from number `from` on, whose segment has this many bytes; undefined if none has. */
export function entriesOfSize(
  from: number,
  entries: ReadonlyMap<number, StoredEntry>,
  size: number,
): readonly StoredEntry[] | undefined {
  const found: StoredEntry[] = [];
  let bytes = 0;
  for (let seq = from; bytes < size; seq += 1) {
    const entry = entries.get(seq);
    if (entry === undefined) return undefined;
    found.push(entry);
    bytes += Buffer.byteLength(entry.text) + 1;
  }
  return bytes === size && found.length > 0 ? found : undefined;
}

/**
 * Compares the bytes found under the key of segment `from` with the entries of its block. Of a segment that was cut,
 * the entries behind the cut are left out. An empty one, and one that goes on after its block, differ.
 */
export function compareSegment(
  from: number,
  entries: ReadonlyMap<number, StoredEntry>,
  found: Buffer,
): ReadonlyMap<number, CopyState> {
  const states = new Map<number, CopyState>();
  if (found.length === 0) states.set(from, 'other');
  const last = blockOf(from).through;
  const lineOf = (seq: number): Buffer =>
    segmentBody([entries.get(seq)].filter((entry) => entry !== undefined));
  let at = 0;
  for (let seq = from; at < found.length; seq += 1) {
    if (seq > last) return states.set(last, 'other');
    const line = lineOf(seq);
    const same = startsAt(found, at, line);
    states.set(seq, same ? 'same' : 'other');
    // A line break may be what differs, and then the next entry shows where this one ends.
    const behind = at + line.length;
    const isEnd = same || behind === found.length || startsAt(found, behind, lineOf(seq + 1));
    at = isEnd ? behind : endOfLine(found, at);
  }
  return states;
}

function startsAt(bytes: Buffer, at: number, line: Buffer): boolean {
  return line.length > 0 && bytes.subarray(at, at + line.length).equals(line);
}

function endOfLine(bytes: Buffer, at: number): number {
  const end = bytes.indexOf('\n', at);
  return end === -1 ? bytes.length : end + 1;
}

/** Joins what several segments say; an entry that differs in one of them differs. */
export function joinStates(all: readonly ReadonlyMap<number, CopyState>[]): ReadonlyMap<number, CopyState> {
  const joined = new Map<number, CopyState>();
  for (const [seq, state] of all.flatMap((states) => [...states])) {
    if (joined.get(seq) !== 'other') joined.set(seq, state);
  }
  return joined;
}
