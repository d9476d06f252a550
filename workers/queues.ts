import type { WorkerOptions } from '@temporalio/worker';
import { TASK_QUEUES } from '#workflows/contract/ids.ts';

export type QueueName = keyof typeof TASK_QUEUES;

/**
 * Concurrency limits of one worker process, by queue. `lifecycle` runs workflows and short store calls; `waits` waits for
 * other workflows, `jobs` for jobs; `features` uses DuckDB's memory; `scoring` keeps one core busy.
 */
export const QUEUE_LIMITS: Readonly<Record<QueueName, Partial<WorkerOptions>>> = {
  lifecycle: {
    maxConcurrentActivityTaskExecutions: 50,
    maxConcurrentWorkflowTaskExecutions: 40,
    maxCachedWorkflows: 500,
  },
  waits: { maxConcurrentActivityTaskExecutions: 1000 },
  jobs: { maxConcurrentActivityTaskExecutions: 200 },
  features: { maxConcurrentActivityTaskExecutions: 2 },
  scoring: { maxConcurrentActivityTaskExecutions: 2 },
};

/** An activity learns of a cancellation only when a heartbeat is actually sent. */
export const HEARTBEATS: Partial<WorkerOptions> = {
  maxHeartbeatThrottleInterval: '2s',
  defaultHeartbeatThrottleInterval: '2s',
};

export const allQueues = Object.keys(TASK_QUEUES) as QueueName[];

/** Throws for an unknown queue name. */
export function queueNamed(name: string): QueueName {
  const found = allQueues.find((queue) => queue === name);
  if (found === undefined)
    throw new TypeError(`"${name}" is not a task queue. The task queues are ${allQueues.join(', ')}.`);
  return found;
}
