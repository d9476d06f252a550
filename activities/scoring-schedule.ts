import {
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type CalendarSpec,
  type Client,
} from '@temporalio/client';
import type { Pair } from '#configs/pair.ts';
import { ensureSchedule, scheduleDigest, type WantedSchedule } from '#platform/temporal/ensure-schedule.ts';
import type { WantedSpec } from '#registry/pair-state.ts';
import { skippedTicks } from '#scoring/ticks.ts';
import { scheduleId, TASK_QUEUES } from '#workflows/contract/ids.ts';
import { PRIORITIES } from '#workflows/contract/priorities.ts';
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

/** Creates the pair's Temporal Schedule or puts it right, and returns its digest. */
export async function ensureScoringSchedule(
  client: Client,
  pair: Pair,
  wanted: WantedSpec,
  team?: string,
): Promise<string> {
  return (await ensureSchedule(client, scoringSchedule(pair, wanted, team))).digest;
}

/** Undefined if there is none. */
export function scoringScheduleDigest(client: Client, pair: Pair): Promise<string | undefined> {
  return scheduleDigest(client, scheduleId.score(pair));
}

/** Starts the runs that the schedule would have started since then. Days that are scored already stay as they are. */
export async function catchUp(client: Client, pair: Pair, since: Date, now: Date): Promise<void> {
  const overlap = ScheduleOverlapPolicy.ALLOW_ALL;
  await client.schedule.getHandle(scheduleId.score(pair)).backfill({ start: since, end: now, overlap });
}

export async function removeScoringSchedule(client: Client, pair: Pair): Promise<void> {
  try {
    await client.schedule.getHandle(scheduleId.score(pair)).delete();
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
  }
}

function scoringSchedule(pair: Pair, wanted: WantedSpec, team?: string) {
  const owned = team === undefined ? {} : { team };
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
      typedSearchAttributes: searchAttributes({ ...pair, ...owned }),
      priority: {
        priorityKey: PRIORITIES.scores,
        ...(team !== undefined && { fairnessKey: team }),
      },
    },
    policies: {
      // Runs score different days, or join the run of one day: a day that is stuck must not hold back the days after it.
      overlap: ScheduleOverlapPolicy.ALLOW_ALL,
      catchupWindow: '3 days',
      pauseOnFailure: false,
    },
    memo: { pair },
  } as const satisfies WantedSchedule;
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
