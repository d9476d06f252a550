import { setTimeout as sleep } from 'node:timers/promises';
import type { MillraceError } from '#errors/millrace-error.ts';
import { transact, type CancellationReason, type TableHandle, type TransactItem } from './table.ts';

/**
 * What a round decides from the state it has read: a write that is conditional on that state, or that there is nothing
 * to write.
 */
export type Decision<T> =
  { readonly settled: T } | { readonly write: readonly TransactItem[]; readonly result: T };

export interface CompareAndSet<T> {
  /** Reads the state again and decides. If it throws, no further round follows and nothing is written. */
  readonly decide: () => Promise<Decision<T>>;
  /** How long lost races are retried; a round that has begun is finished. */
  readonly deadlineMs: number;
  /** The error at the deadline. */
  readonly busy: (rounds: number) => MillraceError;
  /** Inspects why a write was refused, with one reason per item. It may throw if another round would not help. */
  readonly lost?: (reasons: readonly CancellationReason[]) => void;
}

const SHORTEST_DELAY_MS = 15;
/** Maximum wait, as a multiple of the duration of a transaction. */
const LONGEST_DELAY = 8;

/**
 * Optimistic concurrency: read, decide, and write in one transaction that is conditional on the state that was read.
 * After a lost race it decides again on the new state. A deadline limits it and not a number of rounds, because fifty
 * writers can need fifty rounds.
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

/** Waits in proportion to the duration of a transaction, so that a slow store does not get more retries. */
function fullJitter(round: number, tookMs: number): number {
  const unit = Math.max(SHORTEST_DELAY_MS, tookMs);
  return Math.random() * unit * Math.min(LONGEST_DELAY, 2 ** (round + 1));
}
