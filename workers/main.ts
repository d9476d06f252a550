import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { NativeConnection, Worker } from '@temporalio/worker';
import { readEnvironment } from '#configs/environment.ts';
import { createLog } from '#platform/log.ts';
import { openTemporalClient, temporalAddress } from '#platform/temporal.ts';
import { TASK_QUEUES } from '#workflows/ids.ts';
import { workflowBundle } from './bundle.ts';
import { failureInterceptor } from './failure-interceptor.ts';
import { HEARTBEATS, QUEUE_LIMITS, type QueueName } from './queues.ts';
import { installTemporalLog } from './temporal-log.ts';
import { wireActivities } from './wiring.ts';

/**
 * One worker process: `node workers/main.ts lifecycle jobs features`, and another for `scoring`, whose row loops would
 * starve the heartbeats of the rest. Without arguments it takes all queues.
 */
const { positionals } = parseArgs({ allowPositionals: true });
const queues =
  positionals.length === 0 ? (Object.keys(TASK_QUEUES) as QueueName[]) : positionals.map(queueNamed);

const env = readEnvironment();
const log = createLog(env, `worker:${queues.join('+')}`);
installTemporalLog(log);

const connection = await NativeConnection.connect(temporalAddress(env));
const activities = wireActivities(env, openTemporalClient(env));
const workers = await Promise.all(queues.map(createWorker));
log.info({ ready: true, queues }, 'worker is ready');
try {
  await Promise.all(workers.map((worker) => worker.run()));
} finally {
  await connection.close();
}

async function createWorker(queue: QueueName): Promise<Worker> {
  return Worker.create({
    connection,
    namespace: env.MILLRACE_TEMPORAL_NAMESPACE,
    taskQueue: TASK_QUEUES[queue],
    activities,
    ...(queue === 'lifecycle'
      ? { workflowBundle: await workflowBundle(join(env.MILLRACE_HOME, 'bundle')) }
      : {}),
    ...QUEUE_LIMITS[queue],
    ...HEARTBEATS,
    interceptors: { activity: [failureInterceptor] },
    shutdownGraceTime: '5s',
    shutdownForceTime: '20s',
  });
}

function queueNamed(name: string): QueueName {
  if (name in TASK_QUEUES) return name as QueueName;
  throw new TypeError(`"${name}" is no task queue; there are ${Object.keys(TASK_QUEUES).join(', ')}`);
}
