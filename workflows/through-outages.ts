import { sleep } from '@temporalio/workflow';
import type { ErrorCode } from '#errors/catalogue.ts';
import { findCause } from '#errors/cause.ts';

/** What says nothing about the work itself: a store or Temporal did not answer, or others were quicker. */
const OUTAGES: ReadonlySet<ErrorCode> = new Set([
  'STORE_UNREACHABLE',
  'TEMPORAL_UNREACHABLE',
  'REGISTRY_BUSY',
  'CONFIG_BUSY',
]);

const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 15 * FIRST_PAUSE_MS;

/**
 * Runs work whose attempts are limited, and runs it again for as long as an outage ends it. A day of outage adds about 1,000
 * events to the history.
 */
export async function throughOutages<T>(work: () => Promise<T>): Promise<T> {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      const code = findCause(error)?.code;
      if (code === undefined || !OUTAGES.has(code)) throw error;
      await sleep(pause, { summary: `Pause: ${code}` });
    }
  }
}
