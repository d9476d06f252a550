import { setTimeout as sleep } from 'node:timers/promises';
import type { ErrorCode } from '#errors/catalogue.ts';

/** Codes of transient failures, which pass once a killed server or API is back. */
const PASSING = new Set<unknown>([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_SOCKET',
  'UND_ERR_HEADERS_TIMEOUT',
  14, // gRPC: UNAVAILABLE
  'API_UNREACHABLE' satisfies ErrorCode, // The client's code for a missing response, which has no status.
]);
const AGAIN_AFTER_MS = 500;
const STEADY_MS = 5_000;

export interface OutagePatience {
  readonly signal: AbortSignal;
  /** Called once, when the wait for an outage begins. */
  readonly say: (line: string) => void;
  /** The longest outage to wait for. Default: two minutes. */
  readonly patienceMs?: number;
}

/**
 * Whether a call failed because no server responded, or because the server could not reach one it depends on (HTTP
 * status 500 and above). Such a call can be retried.
 */
export function isOutage(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code, status } = cause as { code?: unknown; status?: unknown };
    if (PASSING.has(code)) return true;
    if (typeof status === 'number' && status >= 500) return true;
    if (cause instanceof AggregateError && cause.errors.some(isOutage)) return true;
  }
  return false;
}

/**
 * Retries idempotent work during an outage of at most `patienceMs`. Throws any other failure, and an outage that lasts
 * longer.
 */
export async function overOutages<T>(work: () => Promise<T>, patience: OutagePatience): Promise<T> {
  const { signal, say, patienceMs = 120_000 } = patience;
  let outageSince: number | undefined;
  for (;;) {
    const began = Date.now();
    try {
      return await work();
    } catch (error) {
      if (signal.aborted || !isOutage(error)) throw error;
      // The work had recovered, so this is a new outage.
      const another = outageSince === undefined || Date.now() - began > STEADY_MS;
      if (another) {
        outageSince = Date.now();
        say(`waiting for the server to come back: ${(error as Error).message}`);
      } else if (Date.now() - (outageSince ?? 0) > patienceMs) throw error;
      await sleep(AGAIN_AFTER_MS, undefined, { signal });
    }
  }
}
