import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import { ensureSearchAttributes } from '#bootstrap/search-attributes.ts';
import { SYSTEM_SCHEDULES } from '#bootstrap/schedules.ts';
import { ensureSchedule } from '#platform/temporal/ensure-schedule.ts';

const EVERY_MS = 60_000;

/**
 * Keeps the installation's own schedules and search attributes, on which everything else that is lost relies: they come back
 * although somebody paused, edited, cancelled or deleted them, and after the loss of Temporal's whole database.
 */
export async function keepSchedules(client: Client, log: Logger, signal: AbortSignal): Promise<void> {
  const known = new Map<string, string>();
  while (!signal.aborted) {
    await orWarn('search attributes', async () => {
      const added = await ensureSearchAttributes(client);
      if (added.length > 0) log.warn({ added }, 'search attributes were missing');
    });
    for (const schedule of SYSTEM_SCHEDULES) {
      const { scheduleId } = schedule;
      await orWarn(scheduleId, async () => {
        const { was, digest } = await ensureSchedule(client, schedule, known.get(scheduleId));
        known.set(scheduleId, digest);
        if (was !== 'right') log.warn({ schedule: scheduleId, was }, 'a schedule was put right');
      });
    }
    // Several workers do this; not at the same moment.
    await sleep(EVERY_MS * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined);
  }

  /** One that cannot be checked keeps no other from it. */
  async function orWarn(what: string, check: () => Promise<void>): Promise<void> {
    try {
      await check();
    } catch (error) {
      log.warn({ err: error, what }, 'this could not be checked');
    }
  }
}
