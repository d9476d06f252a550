import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { NativeConnection } from '@temporalio/worker';
import { createConfigStore } from '#catalog/config-store.ts';
import { createWorkOwners } from '#catalog/work-owners.ts';
import { readEnvironment } from '#configs/environment.ts';
import { sweepScratch } from '#platform/local-files.ts';
import { createLog } from '#platform/telemetry/log.ts';
import { openTemporalClient, temporalAddress } from '#platform/temporal/connection.ts';
import { startLabels } from '#workflows/contract/start-labels.ts';
import { workflowBundle } from './bundle.ts';
import { createWorkers } from './host.ts';
import { keepHost } from './keep-host.ts';
import { keepSchedules } from './keep-schedules.ts';
import { allQueues, queueNamed } from './queues.ts';
import { installTemporalLog } from './temporal-log.ts';
import { wireActivities } from './wiring.ts';
import { openPlatform } from '#platform/open-platform.ts';

/**
 * One worker process: `node workers/main.ts lifecycle waits jobs features`, and a second one for `scoring`, whose row loops
 * would delay the heartbeats of the rest. Without arguments it serves all queues.
 */
const { positionals } = parseArgs({ allowPositionals: true });
const queues = positionals.length === 0 ? allQueues : positionals.map(queueNamed);

const env = readEnvironment();
const log = createLog(env, `worker:${queues.join('+')}`);
installTemporalLog(log);

/** Longer than any step can take. */
const SCRATCH_AGE_MS = 26 * 3_600_000;

await sweepScratch(join(env.MILLRACE_HOME, 'scratch'), SCRATCH_AGE_MS);
const connection = await NativeConnection.connect(temporalAddress(env));
await using platform = openPlatform(env);
const owners = createWorkOwners(createConfigStore(platform.table, platform.objects));
const client = openTemporalClient(env, startLabels(owners));
const activities = wireActivities(env, client, platform);
const bundle = await workflowBundle(join(env.MILLRACE_HOME, 'bundle'));
const hosting = { connection, env, activities, jobs: platform.jobs, bundle };
const workers = await createWorkers(queues, hosting);
log.info({ ready: true, queues }, 'worker is ready');
const stop = new AbortController();
const keeping = [
  ...(queues.includes('lifecycle') ? [keepSchedules(client, log, stop.signal)] : []),
  ...(queues.includes('jobs') ? [keepHost(platform, log, stop.signal)] : []),
];
try {
  await Promise.all(workers.map((worker) => worker.run()));
} finally {
  stop.abort();
  await Promise.all(keeping);
  await connection.close();
}
