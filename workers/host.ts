import { Worker, type NativeConnection, type WorkerOptions } from '@temporalio/worker';
import type { Environment } from '#configs/environment.ts';
import type { JobBackends } from '#platform/jobs/job-backends.ts';
import { hostQueue, TASK_QUEUES, WORKER_DEPLOYMENT } from '#workflows/contract/ids.ts';
import { beatInterceptor } from './beat-interceptor.ts';
import { failureInterceptor } from './failure-interceptor.ts';
import { HEARTBEATS, QUEUE_LIMITS, type QueueName } from './queues.ts';
import type { wireActivities } from './wiring.ts';

export interface Hosting {
  readonly connection: NativeConnection;
  readonly env: Pick<Environment, 'MILLRACE_TEMPORAL_NAMESPACE' | 'MILLRACE_WORKER_BUILD'>;
  readonly activities: ReturnType<typeof wireActivities>;
  readonly jobs: JobBackends;
  /** From `workflowBundle`; loaded only by the queue that runs workflows. */
  readonly bundle: { readonly codePath: string };
}

/** The interceptors of every worker; replays of saved histories use the same. */
export const INTERCEPTORS = { activity: [beatInterceptor, failureInterceptor] };

/**
 * The workers of some queues. A process that serves `jobs` also serves the queue of its own machine, if jobs are bound to
 * machines.
 */
export async function createWorkers(
  queues: readonly QueueName[],
  hosting: Hosting,
): Promise<readonly Worker[]> {
  const { host } = hosting.jobs.preferred;
  const common = queues.map((queue) => createWorker(queue, TASK_QUEUES[queue], hosting));
  const own =
    host !== undefined && queues.includes('jobs')
      ? [createWorker('jobs', hostQueue(await host.id()), hosting)]
      : [];
  return Promise.all([...common, ...own]);
}

function createWorker(queue: QueueName, taskQueue: string, hosting: Hosting): Promise<Worker> {
  const { connection, env, activities, bundle, jobs } = hosting;
  return Worker.create({
    connection,
    namespace: env.MILLRACE_TEMPORAL_NAMESPACE,
    taskQueue,
    activities,
    ...(queue === 'lifecycle' ? { workflowBundle: bundle } : {}),
    ...QUEUE_LIMITS[queue],
    // A slot of the common queue is a job that runs here. The queue of the machine only adopts jobs that run already.
    ...(taskQueue === TASK_QUEUES.jobs && jobs.preferred.host !== undefined
      ? { maxConcurrentActivityTaskExecutions: jobs.preferred.host.atOnce }
      : {}),
    ...HEARTBEATS,
    ...versioned(env.MILLRACE_WORKER_BUILD),
    interceptors: INTERCEPTORS,
    shutdownGraceTime: '5s',
    shutdownForceTime: '20s',
  });
}

/** The behaviour of each workflow is in `workflows/versioning.ts`; the default is never used. */
function versioned(buildId: string | undefined): Partial<WorkerOptions> {
  if (buildId === undefined) return {};
  return {
    workerDeploymentOptions: {
      version: { deploymentName: WORKER_DEPLOYMENT, buildId },
      useWorkerVersioning: true,
      defaultVersioningBehavior: 'PINNED',
    },
  };
}
