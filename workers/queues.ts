import type { WorkerOptions } from '@temporalio/worker';
import { TASK_QUEUES } from '#workflows/contract/ids.ts';

export type QueueName = keyof typeof TASK_QUEUES;

/**
 * What one worker process may take on at once, by queue. `lifecycle` runs workflows and short store calls; `jobs` only
 * waits; `features` holds DuckDB's memory; `scoring` keeps a core busy with rows.
 */
export const QUEUE_LIMITS: Readonly<Record<QueueName, Partial<WorkerOptions>>> = {
  lifecycle: {
    maxConcurrentActivityTaskExecutions: 50,
    maxConcurrentWorkflowTaskExecutions: 40,
    maxCachedWorkflows: 500,
  },
  jobs: { maxConcurrentActivityTaskExecutions: 200 },
  features: { maxConcurrentActivityTaskExecutions: 2 },
  scoring: { maxConcurrentActivityTaskExecutions: 2 },
};

/** Cancellation reaches an activity with a heartbeat that was really sent. */
export const HEARTBEATS: Partial<WorkerOptions> = {
  maxHeartbeatThrottleInterval: '2s',
  defaultHeartbeatThrottleInterval: '2s',
};

export const allQueues = Object.keys(TASK_QUEUES) as QueueName[];

/** Throws for a name that is no queue. */
export function queueNamed(name: string): QueueName {
  const found = allQueues.find((queue) => queue === name);
  if (found === undefined)
    throw new TypeError(`"${name}" is no task queue; there are ${allQueues.join(', ')}`);
  return found;
}
