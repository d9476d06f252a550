import type { ActivityOptions } from '@temporalio/workflow';
import { ActivityCancellationType } from '@temporalio/workflow';
import { TASK_QUEUES } from './contract/ids.ts';

/**
 * The one retry table. Errors of the catalogue that another try cannot mend are made non-retryable where they leave
 * the activity (`activities/failure.ts`), so the table only says how long an outage is waited out.
 */
const outage = {
  initialInterval: '200ms',
  backoffCoefficient: 2,
  maximumInterval: '15s',
  maximumAttempts: 60,
} as const;

/** Reads and conditional writes of our own stores. The worker itself beats for them, so its death is soon known. */
export const STORE_OPTIONS: ActivityOptions = {
  taskQueue: TASK_QUEUES.lifecycle,
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout: '15s',
  retry: outage,
};

/** Waiting for something outside, such as a job. Idle, so many fit in one worker. */
export const WATCH_OPTIONS: ActivityOptions = {
  taskQueue: TASK_QUEUES.jobs,
  startToCloseTimeout: '26 hours',
  heartbeatTimeout: '20s',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: outage,
};

/**
 * Waiting for a shared workflow, in turns of a minute for as long as it takes: the last one to wait must find a slot too, however
 * many wait.
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

/** Row loops, in a process of their own. */
export const SCORING_OPTIONS: ActivityOptions = {
  taskQueue: TASK_QUEUES.scoring,
  startToCloseTimeout: '2 hours',
  heartbeatTimeout: '30s',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { ...outage, maximumAttempts: 10 },
};
