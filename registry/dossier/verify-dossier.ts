import { sha256Hex } from '#configs/canonical.ts';
import type { ChainEnd, DossierEntry, StoredEntry } from './dossier.ts';
import type { Pair } from '#configs/pair.ts';
import type { Range } from './ranges.ts';
import type { CopyState } from './segments.ts';

export interface DossierProblem {
  /** Number of the entry; for missing entries, the first of them. */
  readonly seq: number;
  readonly problem: string;
}

/** What the stores hold of a block of entries. Of these, `from..through` are checked; none is past the recorded end. */
export interface Block extends Range {
  readonly entries: ReadonlyMap<number, StoredEntry>;
  readonly copies: ReadonlyMap<number, CopyState>;
}

/** What the head of the pair records. */
export interface Recorded {
  readonly end: ChainEnd;
  /** Entries 1..copied must have a copy. */
  readonly copied: number;
}

/**
 * Checks the links of a block and its copies.
 *
 * @param reached the last entry before `from`, and its digest as it was found.
 * @returns the problems, and the last entry that was found, from which the next block goes on.
 */
export function verifyBlock(
  pair: Pair,
  { from, through, entries, copies }: Block,
  { end, copied }: Recorded,
  reached: ChainEnd,
): { readonly problems: readonly DossierProblem[]; readonly reached: ChainEnd } {
  const problems: DossierProblem[] = [];
  let last = reached;
  for (let seq = from; seq <= through; seq += 1) {
    const stored = entries.get(seq);
    if (stored === undefined) {
      const first = seq;
      while (seq < through && !entries.has(seq + 1)) seq += 1;
      problems.push({ seq: first, problem: missing(first, seq, end) });
      continue;
    }
    for (const problem of entryProblems(pair, seq, last.digest, stored)) problems.push({ seq, problem });
    const copy = copies.get(seq);
    if (copy === 'other') problems.push({ seq, problem: 'its copy in the object store has other bytes' });
    if (copy === undefined && seq <= copied)
      problems.push({ seq, problem: 'its copy in the object store is missing' });
    last = { count: seq, digest: stored.digest };
  }
  return { problems, reached: last };
}

/** Numbers past the recorded end. */
export interface BeyondEnd {
  readonly entries: readonly number[];
  readonly copies: readonly number[];
}

/** Checks the end of a chain, once all its entries have been checked. */
export function verifyEnd(end: ChainEnd, reached: ChainEnd, beyond: BeyondEnd): readonly DossierProblem[] {
  const problems: DossierProblem[] = [];
  if (reached.count > end.count) {
    problems.push({ seq: end.count + 1, problem: 'the recorded end lies before entries that were checked' });
  }
  // If it ends earlier, its missing tail was reported already.
  if (reached.count === end.count && reached.digest !== end.digest) {
    problems.push({ seq: end.count, problem: 'its digest is not the end that the registry recorded' });
  }
  for (const seq of beyond.entries)
    problems.push({ seq, problem: 'it stands past the end that the registry recorded' });
  for (const seq of beyond.copies) {
    if (beyond.entries.includes(seq)) continue;
    problems.push({ seq, problem: 'the object store has a copy of an entry that the registry lacks' });
  }
  return problems;
}

function missing(first: number, last: number, end: ChainEnd): string {
  const count = last - first + 1;
  if (last === end.count) return `the tail is cut: ${count} entries missing`;
  return `${count} entries are missing from here on`;
}

function entryProblems(
  pair: Pair,
  seq: number,
  previous: string,
  { text, digest }: StoredEntry,
): readonly string[] {
  const problems: string[] = [];
  if (sha256Hex(text) !== digest) problems.push('its bytes do not have the digest recorded for it');
  const entry = parsed(text);
  if (entry === undefined) return [...problems, 'it is not JSON'];
  if (entry.seq !== seq) problems.push(`it says it is entry ${String(entry.seq)}`);
  if (entry.previous !== previous) problems.push('it does not hold the digest of the entry before');
  if (entry.model !== pair.model || entry.feature_set !== pair.feature_set) {
    problems.push(`it belongs to ${String(entry.model)}/${String(entry.feature_set)}`);
  }
  return problems;
}

function parsed(text: string): Partial<DossierEntry> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
