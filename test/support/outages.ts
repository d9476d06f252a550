import type { WorkflowHandle } from '@temporalio/client';
import type { cuttableWorld } from './world.ts';

const OUTAGE_MS = 26 * 3_600_000;
const LONGEST_PAUSE_MS = 5 * 60_000;

/** A day holds at least this many attempts, since the longest pause is five minutes. */
export const ATTEMPTS_OF_A_DAY = 250;

type CuttableWorld = Awaited<ReturnType<typeof cuttableWorld>>;

/** Takes table, store and Temporal's client away for 26 hours. Time passes at once, since no attempt of a waiting activity lasts. */
export async function outage(world: CuttableWorld): Promise<void> {
  for (const network of Object.values(world.networks)) network.cut();
  await world.skip(OUTAGE_MS);
}

/**
 * Ends the outage. Those who need the stores alone go on first, then those who need Temporal. By then somebody must host every
 * queue: a task that nobody takes makes time pass as on any clock.
 */
export async function endOutage(world: CuttableWorld): Promise<void> {
  const { table, objects, temporal } = world.networks;
  await Promise.all([table.mend(), objects.mend()]);
  await world.skip(LONGEST_PAUSE_MS);
  await temporal.mend();
  // Not awaited: time stands still as soon as a waiter is in its turn.
  world.skip(LONGEST_PAUSE_MS).catch(() => undefined);
}

/** Whether the workflow waits in an activity that has been tried so often. */
export async function isWaiting(handle: WorkflowHandle, activity: string, attempts = 1): Promise<boolean> {
  const { raw } = await handle.describe();
  return (raw.pendingActivities ?? []).some(
    ({ activityType, attempt }) => activityType?.name === activity && (attempt ?? 0) >= attempts,
  );
}
