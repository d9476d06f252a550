import { MillraceError } from '#errors/millrace-error.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { pairKey, type Pair } from '#configs/pair.ts';
import type { RegistryStore } from '../commit-to-pair.ts';
import { badPageToken, type PageRequest } from '#platform/table/page.ts';
import { readState } from '../read-state.ts';
import { EMPTY_CHAIN, type ChainEnd } from './dossier.ts';
import { compareCopies, listSegments, type ListedSegment } from './dossier-copies.ts';
import { inOrder } from './in-order.ts';
import { rangesOf, type Range } from './ranges.ts';
import { entriesByNumber, LAST_ENTRY, readEntries } from './read-entries.ts';
import { BLOCK_ENTRIES, blockOf } from './segments.ts';
import { verifyBlock, verifyEnd, type BeyondEnd, type Block, type DossierProblem } from './verify-dossier.ts';

/** The check of one page of entries. */
export interface DossierCheck {
  /** This page has no problem. */
  readonly verified: boolean;
  /** Entries of this page in the registry. */
  readonly entries: number;
  /** Entries of this page whose copy in the object store was compared. */
  readonly copies: number;
  readonly problems: readonly DossierProblem[];
  /** Token for the next page. Only the last page, which has none, checks the end of the chain. */
  readonly next?: string;
}

/** A page of this size takes a few seconds, so that a request for one ends well before its time limit. */
const MOST_ENTRIES = 10_000;
const BLOCKS_AT_ONCE = 4;

/**
 * Checks a pair's dossier page by page: links and digests, the recorded end, and the copies in the object store. The
 * entries up to the recorded end never change, so commits at the same time do not matter.
 */
export function createVerification(store: RegistryStore, objects: ObjectStore) {
  const { entities } = store;

  /** `limit`: entries per page, at most and by default 10,000. Throws `PAIR_NOT_FOUND`, `PAGE_TOKEN_INVALID`. */
  async function verifyDossier(
    pair: Pair,
    { limit = MOST_ENTRIES, after }: PageRequest = {},
  ): Promise<DossierCheck> {
    let reached = after === undefined ? EMPTY_CHAIN : reachedBy(after);
    const { seq, dossier: recorded } = await readState(store, pair);
    if (seq === 0) {
      throw new MillraceError('PAIR_NOT_FOUND', `The registry has no pair ${pairKey(pair)}.`, {
        where: pairKey(pair),
      });
    }
    const end = { count: recorded.count, digest: recorded.digest };
    const through = Math.min(reached.count + Math.min(limit, MOST_ENTRIES), end.count);
    const range = { from: reached.count + 1, through };
    const isLast = through >= end.count;
    // Before the entries: a segment that is listed then has only entries that can be read.
    const listed = await listSegments(objects, pair, isLast ? { ...range, through: LAST_ENTRY } : range);
    const problems: DossierProblem[] = [];
    const copied = new Set(listed.map(({ from }) => from));
    let entries = 0;
    let copies = 0;
    for await (const block of readBlocks(pair, range, listed)) {
      const checked = verifyBlock(pair, block, { end, copied: recorded.copied }, reached);
      problems.push(...checked.problems);
      reached = checked.reached;
      entries += numbersIn(block, block.entries);
      copies += numbersIn(block, block.copies);
      for (const seq of block.copies.keys()) copied.add(seq);
    }
    if (!isLast) {
      const next = tokenOf({ count: through, digest: reached.digest });
      return { verified: problems.length === 0, entries, copies, problems, next };
    }
    const beyond = await beyondEnd(pair, end, copied);
    problems.push(...verifyEnd(end, reached, beyond));
    entries += beyond.entries.length;
    copies += beyond.copies.length;
    return { verified: problems.length === 0, entries, copies, problems };
  }

  /** Whole blocks, since a segment that begins before the range or ends after it is compared as a whole. */
  function readBlocks(pair: Pair, { from, through }: Range, listed: readonly ListedSegment[]) {
    return inOrder(rangesOf(from, through, BLOCK_ENTRIES), BLOCKS_AT_ONCE, async (range): Promise<Block> => {
      const block = blockOf(range.from);
      const entries = await entriesByNumber(entities, pair, block);
      const segments = listed.filter((one) => one.from >= block.from && one.from <= block.through);
      return { ...range, entries, copies: await compareCopies(objects, segments, entries) };
    });
  }

  /** What the stores have past the end. The head is read again, so an entry that was just written is not. */
  async function beyondEnd(pair: Pair, end: ChainEnd, copied: ReadonlySet<number>): Promise<BeyondEnd> {
    const entries = await readEntries(entities, pair, end.count + 1, LAST_ENTRY);
    const now = await readState(store, pair);
    const isBeyond = (seq: number): boolean => seq > now.dossier.count;
    return {
      entries: entries.map(({ seq }) => seq).filter(isBeyond),
      copies: [...copied].filter(isBeyond).toSorted((one, other) => one - other),
    };
  }

  /**
   * The first entry whose copy is missing although it is marked as copied: where a block has no segment, or in the last
   * block. Costs one listing and one block of entries, whatever the length; only `verifyDossier` looks at every copy.
   */
  async function firstMissingCopy(pair: Pair): Promise<number | undefined> {
    const { copied } = (await readState(store, pair)).dossier;
    if (copied === 0) return undefined;
    const listed = await listSegments(objects, pair, { from: 1, through: copied });
    const starts = new Set(listed.map(({ from }) => from));
    const without = rangesOf(1, copied, BLOCK_ENTRIES).find(({ from }) => !starts.has(from));
    if (without !== undefined) return without.from;
    const last = blockOf(copied);
    const entries = await entriesByNumber(entities, pair, last);
    const segments = listed.filter(({ from }) => from >= last.from);
    const copies = await compareCopies(objects, segments, entries);
    for (let seq = last.from; seq <= copied; seq += 1) if (!copies.has(seq)) return seq;
    return undefined;
  }

  return { verifyDossier, firstMissingCopy };
}

function numbersIn({ from, through }: Range, found: ReadonlyMap<number, unknown>): number {
  return [...found.keys()].filter((seq) => seq >= from && seq <= through).length;
}

function tokenOf({ count, digest }: ChainEnd): string {
  return `${count}.${digest}`;
}

function reachedBy(token: string): ChainEnd {
  const [, count, digest] = /^(\d{1,8})\.([0-9a-f]{64})$/.exec(token) ?? [];
  if (count === undefined || digest === undefined) throw badPageToken(token);
  return { count: Number(count), digest };
}
