import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type CalendarSpec,
  type Client,
  type ScheduleOptions,
} from '@temporalio/client';
import type { Pair } from '#configs/pair.ts';
import type { WantedSpec } from '#registry/pair-state.ts';
import { skippedTicks } from '#scoring/ticks.ts';
import { scheduleId, TASK_QUEUES } from '#workflows/contract/ids.ts';
import { searchAttributes } from '#workflows/contract/search-attributes.ts';

const MONTHS = [
  'JANUARY',
  'FEBRUARY',
  'MARCH',
  'APRIL',
  'MAY',
  'JUNE',
  'JULY',
  'AUGUST',
  'SEPTEMBER',
  'OCTOBER',
  'NOVEMBER',
  'DECEMBER',
] as const;

/** Years after the pair's first live deployment for which the skipped days are part of the schedule. */
const YEARS_AHEAD = 25;

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
    spec: {
      cronExpressions: [wanted.schedule],
      calendars: skippedDays(wanted),
      timezone: wanted.timezone,
    },
    action: {
      type: 'startWorkflow',
      workflowType: 'scoreScheduled',
      workflowId: scheduleId.score(pair),
      taskQueue: TASK_QUEUES.lifecycle,
      args: [{ pair, schedule: wanted.schedule, timezone: wanted.timezone }],
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

/** Temporal leaves out a time that the clocks skip, so those days get a time of their own. */
function skippedDays({ schedule, timezone, start }: WantedSpec): CalendarSpec[] {
  const from = Number(start.slice(0, 4));
  return skippedTicks(schedule, timezone, { from, until: from + YEARS_AHEAD }).map(
    ({ score_date, instead }) => ({
      year: instead.year,
      month: MONTHS[instead.month - 1] ?? 'JANUARY',
      dayOfMonth: instead.day,
      hour: instead.hour,
      minute: instead.minute,
      comment: `The clocks skip the time of ${score_date}.`,
    }),
  );
}
