import type { ActivityOptions } from '@temporalio/workflow';
import { ActivityCancellationType } from '@temporalio/workflow';
import { TASK_QUEUES } from './contract/ids.ts';

/**
 * The single table of retry options. Two rules:
 *
 * - A wait, and a call of our own stores, never gives up because of an outage: no limit of attempts, and no
 *   `scheduleToCloseTimeout` anywhere. The pause doubles up to five minutes, and for waits up to one, so after an outage of any
 *   length work goes on within five minutes. A day costs 300 to 1,600 attempts and no event of the history.
 * - Work on the queues `features` and `scoring` may kill the process it runs in, so its attempts are limited. An outage must
 *   not use them up: `throughOutages` pauses in the workflow and starts it again.
 *
 * Errors that a retry cannot fix become non-retryable when they leave the activity (`activities/failure.ts`), and so do those that
 * no outage explains, from their fourteenth time on.
 */
const untilItWorks = {
  initialInterval: '200ms',
  backoffCoefficient: 2,
  maximumInterval: '5 minutes',
} as const;

/** Each turn of a waiter is an attempt, so a waiter of many turns pauses for the longest time at its first error. */
const inTurns = { ...untilItWorks, maximumInterval: '1 minute' } as const;

/** Some 40 seconds; then the workflow decides. */
const aFewTimes = { ...untilItWorks, maximumInterval: '15s', maximumAttempts: 10 } as const;

/**
 * Reads and conditional writes of our own stores. The worker sends their heartbeats, so its death is detected
 * quickly.
 */
export const STORE_OPTIONS: ActivityOptions = {
  taskQueue: TASK_QUEUES.lifecycle,
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout: '15s',
  retry: untilItWorks,
};

/** A step of the reconciler. After a few tries it gives up; the pair records it, and the step is tried again minutes later. */
export const STEP_OPTIONS: ActivityOptions = {
  ...STORE_OPTIONS,
  startToCloseTimeout: '5 minutes',
  retry: { ...aFewTimes, maximumAttempts: 3 },
};

/** A page of a sweep: many calls of the store in one activity. */
export const SWEEP_OPTIONS: ActivityOptions = {
  ...STORE_OPTIONS,
  startToCloseTimeout: '6 hours',
  heartbeatTimeout: '20s',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
};

/** Watching a job. Idle, so one worker watches many. After the time-out, the next attempt adopts the job. */
export const WATCH_OPTIONS: ActivityOptions = {
  taskQueue: TASK_QUEUES.jobs,
  startToCloseTimeout: '26 hours',
  heartbeatTimeout: '20s',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: inTurns,
};

/**
 * Waiting for another workflow, in turns of one minute without an overall limit, so that every waiter gets a slot
 * regardless of how many there are. On a queue of its own: a waiter never holds a slot that the run it waits for needs.
 */
export const TURNS_OPTIONS: ActivityOptions = { ...WATCH_OPTIONS, taskQueue: TASK_QUEUES.waits };

/** Queries in the worker's own DuckDB. Call them by `throughOutages`. */
export const FEATURES_OPTIONS: ActivityOptions = {
  taskQueue: TASK_QUEUES.features,
  startToCloseTimeout: '2 hours',
  heartbeatTimeout: '30s',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: aFewTimes,
};

/** Row loops, in a separate process. Call them by `throughOutages`. */
export const SCORING_OPTIONS: ActivityOptions = {
  ...FEATURES_OPTIONS,
  taskQueue: TASK_QUEUES.scoring,
};
