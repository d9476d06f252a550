import { setTimeout as sleep } from 'node:timers/promises';

/** Runs named checks one after the other, prints each with its duration, and counts them. */
export interface Checks {
  passed: number;
  failed: number;
  check(name: string, run: () => Promise<void>): Promise<void>;
}

export function startChecks(signal: AbortSignal): Checks {
  const checks: Checks = {
    passed: 0,
    failed: 0,
    async check(name, run) {
      signal.throwIfAborted();
      const started = performance.now();
      const time = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
      try {
        await run();
        checks.passed += 1;
        console.log(`ok      ${name} (${time()})`);
      } catch (error) {
        signal.throwIfAborted();
        checks.failed += 1;
        console.log(`FAILED  ${name} (${time()})\n${error instanceof Error ? error.message : String(error)}`);
      }
    },
  };
  return checks;
}

/** Polls until the condition holds; throws after a minute. */
export async function eventually<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`${what} did not happen within a minute.`);
    await sleep(200);
  }
}
