import type { ActivityOptions } from '@temporalio/workflow';
import { ActivityCancellationType } from '@temporalio/workflow';
import { TASK_QUEUES } from './contract/ids.ts';

/**
 * The single table of retry options. Catalogue errors that a retry cannot fix become non-retryable when they leave
 * the activity (`activities/failure.ts`), so the table only decides how long to retry during an outage.
 */
const outage = {
  initialInterval: '200ms',
  backoffCoefficient: 2,
  maximumInterval: '15s',
  maximumAttempts: 60,
} as const;

/**
 * Reads and conditional writes of our own stores. The worker sends their heartbeats, so its death is detected
 * quickly.
 */
export const STORE_OPTIONS: ActivityOptions = {
  taskQueue: TASK_QUEUES.lifecycle,
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout: '15s',
  retry: outage,
};

/** A step of the reconciler. After a few tries it gives up; the pair records it, and the step is tried again minutes later. */
export const STEP_OPTIONS: ActivityOptions = {
  ...STORE_OPTIONS,
  startToCloseTimeout: '5 minutes',
  retry: { ...outage, maximumAttempts: 3 },
};

/** What nothing can go on without. */
export const ENDLESS_OPTIONS: ActivityOptions = {
  ...STORE_OPTIONS,
  retry: { ...outage, maximumAttempts: Number.POSITIVE_INFINITY },
};

/** Waiting for something external, such as a job. Idle, so one worker runs many. */
export const WATCH_OPTIONS: ActivityOptions = {
  taskQueue: TASK_QUEUES.jobs,
  startToCloseTimeout: '26 hours',
  heartbeatTimeout: '20s',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: outage,
};

/**
 * Waiting for a shared workflow, in turns of one minute without an overall limit, so that every waiter gets a slot
 * regardless of how many there are.
 */
export const TURNS_OPTIONS: ActivityOptions = {
  ...WATCH_OPTIONS,
  retry: { ...outage, maximumAttempts: Number.POSITIVE_INFINITY },
};

/** Queries in the worker's own DuckDB. */
export const FEATURES_OPTIONS: ActivityOptions = {
  taskQueue: TASK_QUEUES.features,
  startToCloseTimeout: '2 hours',
  heartbeatTimeout: '30s',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { ...outage, maximumAttempts: 10 },
};

/** Row loops, in a separate process. */
export const SCORING_OPTIONS: ActivityOptions = {
  taskQueue: TASK_QUEUES.scoring,
  startToCloseTimeout: '2 hours',
  heartbeatTimeout: '30s',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { ...outage, maximumAttempts: 10 },
};
