import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { bundleWorkflowCode, NativeConnection, Worker } from '@temporalio/worker';
import { bootstrap } from '#bootstrap/bootstrap.ts';
import type { Environment } from '#configs/environment.ts';
import type { JobBackends } from '#platform/jobs/job-backends.ts';
import { openJobBackends } from '#platform/jobs/open-job-backends.ts';
import { openTable } from '#platform/table/table.ts';
import { temporalAddress } from '#platform/temporal/connection.ts';
import { loadDataSet } from '#local/load-data-set.ts';
import { ROOT } from '#local/tools.ts';
import { workflowBundle } from '#workers/bundle.ts';
import { createWorkers } from '#workers/host.ts';
import { allQueues } from '#workers/queues.ts';
import { openPlatform } from '#platform/open-platform.ts';
import { wireActivities } from '#workers/wiring.ts';

/** Runs all four workers of the platform and the bare one in this process, until `stop`. */
export async function startWorkers(
  env: Environment,
  client: Client,
  jobs: JobBackends,
): Promise<{ stop(): Promise<void> }> {
  const connection = await NativeConnection.connect(temporalAddress(env));
  const bundle = await workflowBundle(join(env.MILLRACE_HOME, 'bundle'));
  const activities = wireActivities(env, client, { ...openPlatform(env), jobs });
  const workers = [
    ...(await createWorkers(allQueues, { connection, env, activities, jobs, bundle })),
    await bareWorker(env, connection),
  ];
  const runs = workers.map((worker) => worker.run());
  return {
    async stop() {
      for (const worker of workers) worker.shutdown();
      await Promise.all(runs);
      await connection.close();
    },
  };
}

async function bareWorker(env: Environment, connection: NativeConnection): Promise<Worker> {
  return Worker.create({
    connection,
    namespace: env.MILLRACE_TEMPORAL_NAMESPACE,
    taskQueue: 'bare',
    workflowBundle: await bundleWorkflowCode({
      workflowsPath: join(ROOT, 'bench/lifecycle/bare-workflow.ts'),
    }),
    activities: { nothing: () => Promise.resolve() },
  });
}

/** Stores, search attributes and raw data. Returns the backends that run real jobs. */
export async function prepare(env: Environment, client: Client): Promise<JobBackends> {
  mkdirSync(env.MILLRACE_HOME, { recursive: true });
  await bootstrap({ environment: env, table: openTable(env), temporal: client });
  await loadDataSet(env, 'machines');
  return openJobBackends(env);
}
