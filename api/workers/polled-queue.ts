import type { Client } from '@temporalio/client';
import { optionalTsToMs } from '@temporalio/common/lib/time.js';
import { TASK_QUEUES } from '#workflows/contract/ids.ts';

export interface PolledQueue {
  readonly queue: string;
  readonly pollers: number;
  readonly backlog: number;
  readonly oldestSeconds: number;
  /** When polls began, by Temporal's clock; milliseconds. */
  readonly polled: readonly number[];
}

/** `TASK_QUEUE_TYPE_WORKFLOW` and `TASK_QUEUE_TYPE_ACTIVITY` of Temporal's API. */
const [WORKFLOW, ACTIVITY] = [1, 2];

/** Who polls a task queue, and what waits there. */
export async function polledQueue(client: Client, queue: string): Promise<PolledQueue> {
  const types = queue === TASK_QUEUES.lifecycle ? [WORKFLOW, ACTIVITY] : [ACTIVITY];
  const found = await Promise.all(types.map((taskQueueType) => describe(client, queue, taskQueueType)));
  const pollers = found.flatMap((one) => one.pollers ?? []);
  const sum = (of: (stats: (typeof found)[number]['stats']) => number) => found.map(({ stats }) => of(stats));
  return {
    queue,
    pollers: new Set(pollers.map(({ identity }) => identity)).size,
    backlog: sum((stats) => Number(stats?.approximateBacklogCount ?? 0)).reduce((a, b) => a + b, 0),
    oldestSeconds: Math.max(...sum((stats) => (optionalTsToMs(stats?.approximateBacklogAge) ?? 0) / 1_000)),
    polled: pollers.map(({ lastAccessTime }) => optionalTsToMs(lastAccessTime) ?? 0),
  };
}

function describe(client: Client, name: string, taskQueueType: number) {
  return client.workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name },
    // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- the SDK does not export the enum
    taskQueueType,
    reportStats: true,
  });
}
