import { Worker, type NativeConnection } from '@temporalio/worker';
import type { Environment } from '#configs/environment.ts';
import { TASK_QUEUES } from '#workflows/contract/ids.ts';
import { beatInterceptor } from './beat-interceptor.ts';
import { failureInterceptor } from './failure-interceptor.ts';
import { HEARTBEATS, QUEUE_LIMITS, type QueueName } from './queues.ts';
import type { wireActivities } from './wiring.ts';

export interface Hosting {
  readonly connection: NativeConnection;
  readonly env: Pick<Environment, 'MILLRACE_TEMPORAL_NAMESPACE'>;
  readonly activities: ReturnType<typeof wireActivities>;
  /** From `workflowBundle`; only the queue of workflows loads it. */
  readonly bundle: { readonly codePath: string };
}

/** What stands between Temporal and our code on every worker; replays of saved histories use the same. */
export const INTERCEPTORS = { activity: [beatInterceptor, failureInterceptor] };

/** The worker of one queue. */
export function createWorker(queue: QueueName, hosting: Hosting): Promise<Worker> {
  const { connection, env, activities, bundle } = hosting;
  return Worker.create({
    connection,
    namespace: env.MILLRACE_TEMPORAL_NAMESPACE,
    taskQueue: TASK_QUEUES[queue],
    activities,
    ...(queue === 'lifecycle' ? { workflowBundle: bundle } : {}),
    ...QUEUE_LIMITS[queue],
    ...HEARTBEATS,
    interceptors: INTERCEPTORS,
    shutdownGraceTime: '5s',
    shutdownForceTime: '20s',
  });
}
