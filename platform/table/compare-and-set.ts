import { setTimeout as sleep } from 'node:timers/promises';
import type { MillraceError } from '#errors/millrace-error.ts';
import { transact, type CancellationReason, type TableHandle, type TransactItem } from './table.ts';

/** What a round decides on the state it has read: a write that holds only on that state, or that nothing is to be written. */
export type Decision<T> =
  { readonly settled: T } | { readonly write: readonly TransactItem[]; readonly result: T };

export interface CompareAndSet<T> {
  /** Reads the state again and decides. If it throws, the rounds end and nothing is written. */
  readonly decide: () => Promise<Decision<T>>;
  /** How long lost races are decided again; a round that has begun is finished. */
  readonly deadlineMs: number;
  /** The error at the deadline. */
  readonly busy: (rounds: number) => MillraceError;
  /** Looks at why a write was refused, one reason for each item; may throw where another round would not help. */
  readonly lost?: (reasons: readonly CancellationReason[]) => void;
}

const SHORTEST_DELAY_MS = 15;
/** Longest wait, as a multiple of the time that a transaction takes. */
const LONGEST_DELAY = 8;

/**
 * Optimistic writing: read, decide, and write in one transaction that holds only if nobody has written since. A lost race is
 * decided again on the new state, until a deadline rather than a number of times: fifty writers can need fifty rounds.
 */
export async function compareAndSet<T>(table: TableHandle, request: CompareAndSet<T>): Promise<T> {
  const deadline = performance.now() + request.deadlineMs;
  for (let round = 0; ; round += 1) {
    const decision = await request.decide();
    if ('settled' in decision) return decision.settled;
    const started = performance.now();
    const outcome = await transact(table, decision.write);
    const took = performance.now() - started;
    if (outcome.ok) return decision.result;
    request.lost?.(outcome.reasons);
    if (performance.now() > deadline) throw request.busy(round + 1);
    await sleep(fullJitter(round, took));
  }
}

/** Waits in proportion to how long the store takes for a transaction, so that a slow store does not get more retries. */
function fullJitter(round: number, tookMs: number): number {
  const unit = Math.max(SHORTEST_DELAY_MS, tookMs);
  return Math.random() * unit * Math.min(LONGEST_DELAY, 2 ** (round + 1));
}
