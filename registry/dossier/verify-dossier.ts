import { sha256Hex } from '#configs/canonical.ts';
import { EMPTY_CHAIN, type ChainEnd, type DossierEntry, type StoredEntry } from './dossier.ts';
import type { Pair } from '#configs/pair.ts';

export interface DossierProblem {
  /** Number of the entry; for entries missing at the end, the number after the last one. */
  readonly seq: number;
  readonly problem: string;
}

export interface DossierCheck {
  readonly verified: boolean;
  /** Entries in the registry. */
  readonly entries: number;
  /** Entries whose copy in the object store was compared. */
  readonly copies: number;
  readonly problems: readonly DossierProblem[];
}

/** The copy of an entry in the object store; `undefined` if there is none. */
export type Copies = ReadonlyMap<number, string>;

/**
 * Checks a chain's links, its recorded end, and its copies.
 *
 * @param copied entries 1..copied must have a copy.
 * @param copies bytes of every copy found, including those past the end of the chain.
 */
export function verifyDossier(
  pair: Pair,
  entries: readonly StoredEntry[],
  end: ChainEnd,
  copied: number,
  copies: Copies,
): DossierCheck {
  const problems: DossierProblem[] = [];
  let previous = EMPTY_CHAIN.digest;
  for (const [index, stored] of entries.entries()) {
    const seq = index + 1;
    for (const problem of entryProblems(pair, seq, previous, stored)) problems.push({ seq, problem });
    const copy = copies.get(seq);
    if (copy === undefined) {
      if (seq <= copied) problems.push({ seq, problem: 'its copy in the object store is missing' });
    } else if (copy !== stored.text) {
      problems.push({ seq, problem: 'its copy in the object store has other bytes' });
    }
    previous = stored.digest;
  }
  problems.push(...endProblems(entries, end, previous));
  for (const seq of copies.keys()) {
    if (seq > entries.length) {
      problems.push({ seq, problem: 'the object store has a copy of an entry that the registry lacks' });
    }
  }
  return { verified: problems.length === 0, entries: entries.length, copies: copies.size, problems };
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

function endProblems(
  entries: readonly StoredEntry[],
  end: ChainEnd,
  last: string,
): readonly DossierProblem[] {
  if (entries.length < end.count) {
    return [
      { seq: entries.length + 1, problem: `the tail is cut: ${end.count - entries.length} entries missing` },
    ];
  }
  if (entries.length > end.count) {
    return [{ seq: end.count + 1, problem: 'it stands past the end that the registry recorded' }];
  }
  if (last !== end.digest) {
    return [{ seq: end.count, problem: 'its digest is not the end that the registry recorded' }];
  }
  return [];
}

function parsed(text: string): Partial<DossierEntry> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
