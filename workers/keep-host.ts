import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { endUnlicensedJobs } from '#platform/jobs/end-unlicensed.ts';
import type { JobBackend } from '#platform/jobs/job-backend.ts';
import type { Platform } from '#platform/open-platform.ts';

const EVERY_MS = 30_000;
const SWEEP_EVERY_MS = 6 * 3_600_000;

/** Keeps order among the jobs of this machine, which no other machine can reach: ends unwanted ones, drops old data. */
export async function keepHost(
  { jobs, table }: Pick<Platform, 'jobs' | 'table'>,
  log: Logger,
  signal: AbortSignal,
  everyMs = EVERY_MS,
): Promise<void> {
  const local = jobs.all.filter(({ host }) => host !== undefined);
  let sweepDue = 0;
  while (!signal.aborted) {
    const sweeping = performance.now() >= sweepDue;
    if (sweeping) sweepDue = performance.now() + SWEEP_EVERY_MS;
    for (const backend of local) {
      await noted(log, async () => {
        const ended = await endUnlicensedJobs(table, backend);
        if (ended.length > 0) log.warn({ jobs: ended }, 'jobs without a licence were ended');
      });
      if (sweeping) await noted(log, () => sweep(backend, log));
    }
    await sleep(everyMs * (0.75 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
  }
}

async function sweep(backend: JobBackend, log: Logger): Promise<void> {
  const swept = await backend.sweep(new Date().toISOString());
  if (swept > 0) log.info({ jobs: swept }, 'data of jobs that ended long ago was removed');
}

async function noted(log: Logger, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    log.warn({ err: error }, 'the jobs of this machine could not be checked');
  }
}
