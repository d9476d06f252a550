import { join } from 'node:path';
import { Worker, type NativeConnection } from '@temporalio/worker';
import type { Environment } from '#configs/environment.ts';
import { TASK_QUEUES } from '#workflows/ids.ts';
import { workflowBundle } from './bundle.ts';
import { failureInterceptor } from './failure-interceptor.ts';
import { HEARTBEATS, QUEUE_LIMITS, type QueueName } from './queues.ts';
import type { Activities } from './wiring.ts';

export interface WorkersPlan {
  readonly env: Environment;
  readonly connection: NativeConnection;
  readonly queues: readonly QueueName[];
  readonly activities: Activities;
}

/** One worker per queue, all in this process; only `lifecycle` runs workflows, from the prebuilt bundle. */
export async function createWorkers({ env, connection, queues, activities }: WorkersPlan): Promise<Worker[]> {
  const bundle = queues.includes('lifecycle')
    ? await workflowBundle(join(env.MILLRACE_HOME, 'bundle'))
    : undefined;
  return Promise.all(
    queues.map((queue) =>
      Worker.create({
        connection,
        namespace: env.MILLRACE_TEMPORAL_NAMESPACE,
        taskQueue: TASK_QUEUES[queue],
        activities,
        ...(queue === 'lifecycle' && bundle !== undefined ? { workflowBundle: bundle } : {}),
        ...QUEUE_LIMITS[queue],
        ...HEARTBEATS,
        interceptors: { activity: [failureInterceptor] },
        shutdownGraceTime: '5s',
        shutdownForceTime: '20s',
      }),
    ),
  );
}
