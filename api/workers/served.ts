/** A poll without a task lasts so long, and the server knows only when it began. */
const POLL_MS = 60_000;
const MOST_UNSEEN_MS = 60_000;
/** Machines may differ by so much. */
const CLOCKS_MS = 2 * 60_000;

/** What is known of one queue; milliseconds since the epoch. */
export interface Seen {
  readonly queue: string;
  /** When polls began, by Temporal's clock. */
  readonly polled: readonly number[];
  /** When workers reported, by their own clocks. */
  readonly reported: readonly number[];
}

/**
 * Names of the queues that a worker has polled, or reported to serve, within the last minute. The clocks of API, workers and Temporal
 * may differ by two minutes: what is polled is compared with the latest poll of any queue, and only a clock far ahead of
 * that says that nobody polls at all.
 */
export function servedQueues(queues: readonly Seen[], now: number): ReadonlySet<string> {
  const latest = (values: readonly number[]) => Math.max(Number.NEGATIVE_INFINITY, ...values);
  const polls = latest(queues.flatMap(({ polled }) => polled));
  const server = Math.max(polls, now - CLOCKS_MS);
  const served = queues.filter(({ polled, reported }) => {
    if (server - (latest(polled) + POLL_MS) <= MOST_UNSEEN_MS) return true;
    return now - CLOCKS_MS - latest(reported) <= MOST_UNSEEN_MS;
  });
  return new Set(served.map(({ queue }) => queue));
}

/** The latest of what is known of a queue; undefined if there is nothing. */
export function lastSeen({ polled, reported }: Seen): string | undefined {
  const latest = Math.max(...polled, ...reported);
  return Number.isFinite(latest) ? new Date(latest).toISOString() : undefined;
}
