import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type Client,
  type ScheduleOptions,
} from '@temporalio/client';
import type { Pair } from '#configs/pair.ts';
import type { WantedSpec } from '#registry/pair-state.ts';
import { scheduleId, TASK_QUEUES } from '#workflows/contract/ids.ts';
import { searchAttributes } from '#workflows/contract/search-attributes.ts';

/** Creates or updates the pair's Temporal Schedule. */
export async function ensureScoringSchedule(client: Client, pair: Pair, wanted: WantedSpec): Promise<void> {
  const options = scoringSchedule(pair, wanted);
  try {
    await client.schedule.create(options);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    const { spec, action, policies } = options;
    await client.schedule.getHandle(options.scheduleId).update((previous) => ({
      ...previous,
      spec,
      action: { ...action },
      ...(policies === undefined ? {} : { policies }),
    }));
  }
}

export async function removeScoringSchedule(client: Client, pair: Pair): Promise<void> {
  try {
    await client.schedule.getHandle(scheduleId.score(pair)).delete();
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
  }
}

function scoringSchedule(pair: Pair, wanted: WantedSpec) {
  return {
    scheduleId: scheduleId.score(pair),
    spec: { cronExpressions: [wanted.schedule], timezone: wanted.timezone },
    action: {
      type: 'startWorkflow',
      workflowType: 'scoreScheduled',
      workflowId: scheduleId.score(pair),
      taskQueue: TASK_QUEUES.lifecycle,
      args: [{ pair, timezone: wanted.timezone }],
      staticSummary: `Daily scores of ${pair.model}`,
      typedSearchAttributes: searchAttributes(pair),
    },
    policies: {
      // A slow run and the next one score different days, and both must run.
      overlap: ScheduleOverlapPolicy.BUFFER_ALL,
      catchupWindow: '3 days',
      pauseOnFailure: false,
    },
    memo: { pair },
  } as const satisfies ScheduleOptions;
}
