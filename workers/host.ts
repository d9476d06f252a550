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
  /** From `workflowBundle`; loaded only by the queue that runs workflows. */
  readonly bundle: { readonly codePath: string };
}

/** The interceptors of every worker; replays of saved histories use the same. */
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
