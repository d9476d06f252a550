import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type Client } from '@temporalio/client';
import { scheduleId, TASK_QUEUES } from '#workflows/ids.ts';

/** Every minute the reconciler's sweep looks for pairs that may be due; returns whether the Schedule had to be made. */
export async function ensureSweepSchedule(client: Client): Promise<boolean> {
  try {
    await client.schedule.create({
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
      // The next sweep sees all that a missed one would have, so none is made up for.
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute', pauseOnFailure: false },
    });
    return true;
  } catch (error) {
    if (error instanceof ScheduleAlreadyRunning) return false;
    throw error;
  }
}
