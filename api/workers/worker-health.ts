import type { Client } from '@temporalio/client';
import { z } from 'zod';
import { TASK_QUEUES } from '#workflows/contract/ids.ts';
import { polledQueue } from './polled-queue.ts';
import { reportingWorkers, workerSchema } from './reporting-workers.ts';
import { lastSeen, servedQueues } from './served.ts';

export const queueSchema = z
  .object({
    queue: z.string(),
    served: z.boolean().describe('False if no worker has polled it or reported for a minute'),
    last_seen_at: z.string().optional().describe('When a worker last polled it or reported'),
    pollers: z.number().int().describe('Workers that polled within the last five minutes'),
    backlog: z.number().int().describe('Tasks that wait for a worker, approximately'),
    oldest_seconds: z.number().describe('Age of the oldest of them, approximately'),
  })
  .meta({ id: 'TaskQueueHealth' });

export const workersSchema = z.object({ queues: z.array(queueSchema), workers: z.array(workerSchema) });

export type QueueHealth = z.infer<typeof queueSchema>;
export type WorkerHealth = z.infer<typeof workersSchema>;

/** Every queue of the platform, also one that nobody serves, and the workers that report to Temporal. */
export async function workerHealth(client: Client, now: Date): Promise<WorkerHealth> {
  const workers = await reportingWorkers(client);
  // Queues of single machines are known by their workers only.
  const names = new Set<string>([...Object.values(TASK_QUEUES), ...workers.map(({ queue }) => queue)]);
  const polled = await Promise.all([...names].map((queue) => polledQueue(client, queue)));
  const seen = polled.map(({ queue, polled: polls }) => ({
    queue,
    polled: polls,
    reported: workers
      .filter((worker) => worker.queue === queue)
      .map(({ last_report_at }) => Date.parse(last_report_at)),
  }));
  const served = servedQueues(seen, now.getTime());
  return {
    queues: polled.map(({ queue, pollers, backlog, oldestSeconds }, index) => {
      const last_seen_at = seen[index] && lastSeen(seen[index]);
      return {
        queue,
        served: served.has(queue),
        ...(last_seen_at === undefined ? {} : { last_seen_at }),
        pollers,
        backlog,
        oldest_seconds: oldestSeconds,
      };
    }),
    workers: [...workers],
  };
}

/** Queues of the platform that nobody serves. Those of single machines are left out: a machine may be gone for good. */
export function unserved({ queues }: WorkerHealth): readonly QueueHealth[] {
  const needed = new Set<string>(Object.values(TASK_QUEUES));
  return queues.filter(({ queue, served }) => needed.has(queue) && !served);
}
