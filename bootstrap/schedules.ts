import { ScheduleOverlapPolicy, type Client } from '@temporalio/client';
import {
  ensureSchedule,
  type EnsuredSchedule,
  type WantedSchedule,
} from '#platform/temporal/ensure-schedule.ts';
import { scheduleId, TASK_QUEUES } from '#workflows/contract/ids.ts';
import { PRIORITIES } from '#workflows/contract/priorities.ts';

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
    priority: { priorityKey: PRIORITIES.reconcile },
  },
  // No catch-up: the next sweep finds everything that a missed one would have found.
  policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute', pauseOnFailure: false },
} as const satisfies WantedSchedule;

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
    priority: { priorityKey: PRIORITIES.housekeeping },
  },
  // A machine that is asleep at night sweeps in the morning. A failed sweep is retried the next night.
  policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '23 hours', pauseOnFailure: false },
} as const satisfies WantedSchedule;

/** Every hour, compares what exists outside the registry with what should. */
const VERIFY = {
  scheduleId: scheduleId.verify,
  spec: { intervals: [{ every: '1 hour', offset: '17 minutes' }] },
  action: {
    type: 'startWorkflow',
    workflowType: 'verifyRegistry',
    workflowId: scheduleId.verify,
    taskQueue: TASK_QUEUES.lifecycle,
    args: [null],
    staticSummary: 'Compare schedules, DAG specs and dossier copies with the registry',
    priority: { priorityKey: PRIORITIES.housekeeping },
  },
  policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute', pauseOnFailure: false },
} as const satisfies WantedSchedule;

/** Everything that runs on a schedule of the installation itself. */
export const SYSTEM_SCHEDULES = [RECONCILE, VERIFY, SWEEP_STORE] as const;

/** How each was found, by id. All are right afterwards. */
export async function ensureSystemSchedules(
  client: Client,
): Promise<Readonly<Record<string, EnsuredSchedule['was']>>> {
  const found = await Promise.all(
    SYSTEM_SCHEDULES.map(async (one) => [one.scheduleId, (await ensureSchedule(client, one)).was] as const),
  );
  return Object.fromEntries(found);
}
