import {
  ScheduleAlreadyRunning,
  ScheduleOverlapPolicy,
  type Client,
  type ScheduleOptions,
} from '@temporalio/client';
import { scheduleId, TASK_QUEUES } from '#workflows/contract/ids.ts';

/** Every minute, the sweep looks for pairs that may be due. */
const RECONCILE = {
  scheduleId: scheduleId.sweep,
  spec: { intervals: [{ every: '1 minute' }] },
  action: {
    type: 'startWorkflow',
    workflowType: 'reconcileRegistry',
    workflowId: scheduleId.sweep,
    taskQueue: TASK_QUEUES.lifecycle,
    args: [null],
    staticSummary: 'Call the reconcilers of pairs that may be due',
  },
  // No catch-up: the next sweep finds everything that a missed one would have found.
  policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute', pauseOnFailure: false },
} as const satisfies ScheduleOptions;

/** Every night, removes objects that no manifest references. */
const SWEEP_STORE = {
  scheduleId: scheduleId.sweepStore,
  spec: { calendars: [{ hour: 3, minute: 20 }], timezone: 'UTC' },
  action: {
    type: 'startWorkflow',
    workflowType: 'sweepStore',
    workflowId: scheduleId.sweepStore,
    taskQueue: TASK_QUEUES.lifecycle,
    args: [null],
    staticSummary: 'Remove objects that no manifest references',
  },
  // A machine that is asleep at night sweeps in the morning. A failed sweep is retried the next night.
  policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '23 hours', pauseOnFailure: false },
} as const satisfies ScheduleOptions;

/** Returns whether the Schedule was created. */
export const ensureSweepSchedule = (client: Client): Promise<boolean> => ensure(client, RECONCILE);
export const ensureStoreSweepSchedule = (client: Client): Promise<boolean> => ensure(client, SWEEP_STORE);

async function ensure(client: Client, schedule: ScheduleOptions): Promise<boolean> {
  try {
    await client.schedule.create(schedule);
    return true;
  } catch (error) {
    if (error instanceof ScheduleAlreadyRunning) return false;
    throw error;
  }
}
