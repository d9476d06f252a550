import { setTimeout as sleep } from 'node:timers/promises';

/** Codes of failures that pass by themselves once a killed server or API is back. */
const PASSING = new Set<unknown>([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_SOCKET',
  'UND_ERR_HEADERS_TIMEOUT',
  14, // gRPC: UNAVAILABLE
]);
const AGAIN_AFTER_MS = 500;
const STEADY_MS = 5_000;

export interface OutagePatience {
  readonly signal: AbortSignal;
  /** Hears once that an outage is waited for. */
  readonly say: (line: string) => void;
  /** How long an outage may last. Two minutes when left out. */
  readonly patienceMs?: number;
}

/**
 * Whether a call failed because nobody answered, or because what answered could not reach what stands behind it (HTTP
 * status 500 and above): worth the same call again.
 */
export function isOutage(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code, status } = cause as { code?: unknown; status?: unknown };
    if (PASSING.has(code) || (typeof code === 'string' && code.endsWith('_UNREACHABLE'))) return true;
    if (typeof status === 'number' && status >= 500) return true;
    if (cause instanceof AggregateError && cause.errors.some(isOutage)) return true;
  }
  return false;
}

/**
 * Does idempotent work again while it fails for an outage, for as long as `patienceMs` in a row. Throws any other failure,
 * and the outage that lasts longer.
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
      // Work that ran well for a while has met another outage.
      const another = outageSince === undefined || Date.now() - began > STEADY_MS;
      if (another) {
        outageSince = Date.now();
        say(`waiting until it answers again: ${(error as Error).message}`);
      } else if (Date.now() - (outageSince ?? 0) > patienceMs) throw error;
      await sleep(AGAIN_AFTER_MS, undefined, { signal });
    }
  }
}
