import { type RunningChild, startChild } from './running-child.ts';

export interface ChildLimits {
  /** Seconds that one item may take. */
  readonly seconds: number;
  /** MiB of JavaScript objects. */
  readonly heapMiB: number;
  /** MiB of each WebAssembly memory. */
  readonly wasmMiB: number;
  /** MiB of the whole process, native libraries included. Enforced on Linux, where the kernel shows it. */
  readonly processMiB: number;
  /** Seconds without work after which the child ends. */
  readonly idleSeconds: number;
}

/** An item's answer, or why it has none: it took too long, or more memory or stack than the child has. */
export type Outcome<Answer> =
  | { readonly answer: Answer }
  /** `step` is the part of the work in which it happened; undefined before the first one. */
  | { readonly exhausted: 'time' | 'memory'; readonly step: string | undefined };

export interface ChildService<Shared, Item, Answer> {
  /**
   * Answers the items in order. Batches take turns, item by item, so that a long one does not delay a short one. Throws
   * `ENGINE_FAILED` if the child cannot start, ends by a signal from outside or has a fault of its own. When `signal` aborts,
   * its reason is thrown at once, and the child is ended if it works on this batch.
   */
  ask(shared: Shared, items: readonly Item[], signal?: AbortSignal): Promise<Outcome<Answer>[]>;
  /** Process id of the child; undefined while there is none. */
  pid(): number | undefined;
}

interface Batch {
  readonly id: number;
  readonly shared: unknown;
  readonly items: readonly unknown[];
  readonly outcomes: Outcome<unknown>[];
  readonly settle: PromiseWithResolvers<Outcome<unknown>[]>;
  readonly signal: AbortSignal | undefined;
  /** The child that has the shared part. */
  sentTo: RunningChild | undefined;
}

/**
 * Runs untrusted work in one child process with its own limits of time and memory: a thread cannot be limited like that,
 * and only the end of a process gives all its memory back. The child starts with the first item, is replaced after a
 * fault, ends when idle, and never keeps its parent alive.
 */
export function createChildService<Shared, Item, Answer>(
  entry: URL,
  limits: ChildLimits,
): ChildService<Shared, Item, Answer> {
  const queue: Batch[] = [];
  let child: RunningChild | undefined;
  let current: Batch | undefined;
  let working = false;
  let idle: NodeJS.Timeout | undefined;
  let batches = 0;

  async function answerNext(batch: Batch): Promise<void> {
    if (child?.isGone() !== false) child = await startChild(entry, limits);
    if (batch.signal?.aborted === true) return;
    if (batch.sentTo !== child) child.send({ kind: 'shared', batch: batch.id, shared: batch.shared });
    batch.sentTo = child;
    const item = batch.items[batch.outcomes.length];
    batch.outcomes.push(await child.answer({ kind: 'item', batch: batch.id, item }));
    if (batch.outcomes.length < batch.items.length) queue.push(batch);
    else batch.settle.resolve(batch.outcomes);
  }

  async function work(): Promise<void> {
    if (working) return;
    working = true;
    clearTimeout(idle);
    child?.hold();
    for (let batch = queue.shift(); batch !== undefined; batch = queue.shift()) {
      current = batch;
      await answerNext(batch).catch(batch.settle.reject);
      current = undefined;
      if (batch.outcomes.length === batch.items.length) child?.send({ kind: 'forget', batch: batch.id });
    }
    working = false;
    const rested = child;
    rested?.release();
    idle = setTimeout(() => rested?.end(), limits.idleSeconds * 1_000).unref();
  }

  return {
    async ask(shared, items, signal) {
      signal?.throwIfAborted();
      if (items.length === 0) return [];
      batches += 1;
      const settle = Promise.withResolvers<Outcome<unknown>[]>();
      const batch: Batch = { id: batches, shared, items, outcomes: [], settle, signal, sentTo: undefined };
      const stop = (): void => {
        settle.reject(signal?.reason);
        const waiting = queue.indexOf(batch);
        if (waiting >= 0) {
          queue.splice(waiting, 1);
          batch.sentTo?.send({ kind: 'forget', batch: batch.id });
        } else if (current === batch) child?.end();
      };
      signal?.addEventListener('abort', stop, { once: true });
      queue.push(batch);
      void work();
      try {
        return (await settle.promise) as Outcome<Answer>[];
      } finally {
        signal?.removeEventListener('abort', stop);
      }
    },
    pid: () => (child?.isGone() === false ? child.pid : undefined),
  };
}
