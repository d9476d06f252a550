import { setTimeout as sleep } from 'node:timers/promises';
import { createConfigStore } from '#catalog/config-store.ts';
import { readEnvironment } from '#configs/environment.ts';
import { createPartitionStore } from '#features/partitions/partition-store.ts';
import type { Servers } from '#local/servers.ts';
import { createJobBackends } from '#platform/jobs/job-backends.ts';
import { createS3ObjectStore } from '#platform/objects/s3-object-store.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { openTable } from '#platform/table/table.ts';
import { openTemporalClient } from '#platform/temporal/connection.ts';
import { scheduleId, TASK_QUEUES } from '#workflows/contract/ids.ts';
import { createRegistry } from '#registry/registry.ts';
import { idleJobs, type TrainingFiles } from './idle-jobs.ts';
import { startCountingProxy } from './counting-proxy.ts';
import { liveOnce, type LifeDeps } from './life.ts';
import { benchModels } from './models.ts';
import { prepare, startWorkers } from './platform.ts';

const LIVES = 3;
/** Long enough for the last steps of the reconciler. */
const SETTLE_MS = 5_000;
const REST_MS = 60_000;

/**
 * Requests to DynamoDB and S3 per lifecycle whose job does nothing (median by kind), and of the whole installation while all its pairs
 * rest for a minute, and of one hourly check of all of them. The requests of the person who starts and approves are counted too.
 */
export async function benchCalls(servers: Servers, say: (line: string) => void): Promise<unknown> {
  const env = readEnvironment(servers.env);
  await using tableCalls = await startCountingProxy(env.MILLRACE_TABLE_ENDPOINT ?? '');
  await using objectCalls = await startCountingProxy(env.MILLRACE_S3_ENDPOINT ?? '');
  const counted = {
    ...env,
    MILLRACE_TABLE_ENDPOINT: tableCalls.url,
    MILLRACE_S3_ENDPOINT: objectCalls.url,
  };
  const client = openTemporalClient(env);
  const table = openTable(counted);
  const objects = createS3ObjectStore(counted);
  const configs = createConfigStore(table, objects);
  const bench = await benchModels(1 + LIVES);
  const [first, ...models] = bench.models;
  if (first === undefined) throw new Error('The bench has no models.');

  say('one real training, whose files the idle jobs leave again');
  const realJobs = await prepare(env, client);
  const { base_digest } = await configs.current();
  await configs.apply([...bench.documents], base_digest, 'bench-author', 'bench');
  const deps: LifeDeps = {
    env: counted,
    client,
    registry: createRegistry(table, objects),
    objects,
    partitions: createPartitionStore(table, objects),
    applied: await configs.current(),
    bench,
  };
  const real = await startWorkers(env, client, realJobs);
  await liveOnce(deps, first);
  await real.stop();
  const direct = createS3ObjectStore(env);
  const pair = { model: first.name, feature_set: bench.set.name };
  const files = await filesOf(direct, (await deps.registry.version(pair, 1)).artifacts[0]?.key ?? '');
  const workers = await startWorkers(counted, client, createJobBackends(idleJobs(direct, files, { ms: 0 })));

  const lives: { table: Readonly<Record<string, number>>; objects: Readonly<Record<string, number>> }[] = [];
  const take = () => ({ table: tableCalls.take(), objects: objectCalls.take() });
  for (const model of models) {
    say(`life of ${model.name}`);
    take();
    await liveOnce(deps, model);
    await sleep(SETTLE_MS);
    lives.push(take());
  }
  say('a minute of rest');
  await sleep(REST_MS);
  const resting = take();
  say('the hourly check');
  await client.workflow.execute('verifyRegistry', {
    workflowId: scheduleId.verify,
    taskQueue: TASK_QUEUES.lifecycle,
    args: [null],
  });
  const checking = take();
  await workers.stop();
  return {
    bench: 'calls',
    lifecycle: {
      table: medians(lives.map((life) => life.table)),
      objects: medians(lives.map((life) => life.objects)),
    },
    resting_pairs: models.length + 1,
    resting_minute: resting,
    check_of_all_pairs: checking,
  };
}

/** Everything in the folder of a file, by name. */
async function filesOf(objects: ObjectStore, key: string): Promise<TrainingFiles> {
  const folder = key.replace(/[^/]+$/, '');
  const files = new Map<string, Buffer>();
  for await (const { key: found } of objects.list(folder))
    files.set(found.slice(folder.length), await objects.get(found));
  return files;
}

function medians(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const names = [...new Set(counts.flatMap((one) => Object.keys(one)))].toSorted();
  const middle = (name: string): number =>
    counts.map((one) => one[name] ?? 0).toSorted((a, b) => a - b)[Math.floor(counts.length / 2)] ?? 0;
  const all = Object.fromEntries(names.map((name) => [name, middle(name)]));
  return { ...all, total: Object.values(all).reduce((sum, one) => sum + one, 0) };
}
