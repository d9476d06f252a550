import pLimit from 'p-limit';
import { MillraceError } from '#errors/millrace-error.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { pairKey, type Pair } from '#configs/pair.ts';
import type { RegistryStore } from '../commit-to-pair.ts';
import { badPageToken, type PageRequest } from '#platform/table/page.ts';
import { readState } from '../read-state.ts';
import { EMPTY_CHAIN, type ChainEnd } from './dossier.ts';
import { COPIES_LISTED, compareCopies, copiesAfter } from './dossier-copies.ts';
import { LAST_ENTRY, readEntries } from './read-entries.ts';
import { verifyEnd, verifySegment, type DossierProblem, type Segment } from './verify-dossier.ts';

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
const SEGMENTS_AT_ONCE = 4;

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
    const problems: DossierProblem[] = [];
    let entries = 0;
    let copies = 0;
    for (const segment of await segmentsOf(pair, reached.count + 1, through)) {
      const checked = verifySegment(pair, segment, { end, copied: recorded.copied }, reached);
      problems.push(...checked.problems);
      reached = checked.reached;
      entries += segment.entries.size;
      copies += segment.copies.size;
    }
    if (through < end.count) {
      const next = tokenOf({ count: through, digest: reached.digest });
      return { verified: problems.length === 0, entries, copies, problems, next };
    }
    const beyond = await beyondEnd(pair);
    problems.push(...verifyEnd(end, reached, beyond));
    entries += beyond.entries.length;
    copies += beyond.copies.length;
    return { verified: problems.length === 0, entries, copies, problems };
  }

  function segmentsOf(pair: Pair, from: number, through: number): Promise<readonly Segment[]> {
    const atOnce = pLimit(SEGMENTS_AT_ONCE);
    return Promise.all(
      rangesOf(from, through).map((range) => atOnce(() => readSegment(pair, range.from, range.through))),
    );
  }

  async function readSegment(pair: Pair, from: number, through: number): Promise<Segment> {
    const entries = await readEntries(entities, pair, from, through);
    return {
      from,
      through,
      entries: new Map(entries.map((entry) => [entry.seq, entry])),
      copies: await compareCopies(objects, pair, entries),
    };
  }

  /** What the stores have past the end. The head is read again at last, so an entry that was just written is not. */
  async function beyondEnd(pair: Pair) {
    const { count } = (await readState(store, pair)).dossier;
    const [entries, copies] = await Promise.all([
      readEntries(entities, pair, count + 1, LAST_ENTRY),
      copiesAfter(objects, pair, count),
    ]);
    const now = await readState(store, pair);
    const isBeyond = (seq: number): boolean => seq > now.dossier.count;
    return { entries: entries.map(({ seq }) => seq).filter(isBeyond), copies: copies.filter(isBeyond) };
  }

  return { verifyDossier };
}

/** Cuts a range where one listing of copies ends. */
function rangesOf(from: number, through: number) {
  const ranges: { from: number; through: number }[] = [];
  for (let start = from; start <= through;) {
    const last = Math.min(through, start - (start % COPIES_LISTED) + COPIES_LISTED - 1);
    ranges.push({ from: start, through: last });
    start = last + 1;
  }
  return ranges;
}

function tokenOf({ count, digest }: ChainEnd): string {
  return `${count}.${digest}`;
}

function reachedBy(token: string): ChainEnd {
  const [, count, digest] = /^(\d{1,8})\.([0-9a-f]{64})$/.exec(token) ?? [];
  if (count === undefined || digest === undefined) throw badPageToken(token);
  return { count: Number(count), digest };
}
