import { setTimeout as sleep } from 'node:timers/promises';
import { readEnvironment } from '#configs/environment.ts';
import { createPartitionStore } from '#features/partitions/partition-store.ts';
import { createJobBackends } from '#platform/jobs/job-backends.ts';
import { createS3ObjectStore } from '#platform/objects/s3-object-store.ts';
import { openTable } from '#platform/table/table.ts';
import type { Servers } from '#local/servers.ts';
import { openTemporalClient } from '#platform/temporal/connection.ts';
import { createConfigStore } from '#catalog/config-store.ts';
import { createRegistry } from '#registry/registry.ts';
import { median, ratio, timed } from '../numbers.ts';
import { crowd } from './crowd.ts';
import { idleJobs, type TrainingFiles } from './idle-jobs.ts';
import { liveOnce, requestFor, type LifeDeps } from './life.ts';
import { benchModels } from './models.ts';
import { prepare, startWorkers } from './platform.ts';
import { lifeTimes, medianTimes, type LifeTimes } from './where-time-goes.ts';

const ALONE = 15;
const TOGETHER = 100;
const ROUNDS = 2;
const CROWD = 1_000;
/** The shortest wait that a deploy policy allows; it does not count as the platform's own time. */
const GO_LIVE_MS = 1000;

/**
 * Platform time of a lifecycle whose job does nothing, compared with a bare workflow of as many empty activities on the
 * same server in the same run: one at a time (p50) and 100 at once; then 1,000 at once, with their histories and memory.
 * Lifecycles and bare workflows take turns, so that other load on the machine slows both alike.
 */
export async function benchLifecycle(servers: Servers, say: (line: string) => void): Promise<unknown> {
  const env = readEnvironment(servers.env);
  const client = openTemporalClient(env);
  const objects = createS3ObjectStore(env);
  const table = openTable(env);
  const registry = createRegistry(table, objects);
  const configs = createConfigStore(table, objects);
  const partitions = createPartitionStore(table, objects);
  const bench = await benchModels(1 + ALONE + ROUNDS * TOGETHER + CROWD);
  const [first, ...rest] = bench.models;
  if (first === undefined) throw new Error('The lifecycle bench has no models.');

  say('one real training, whose files the idle jobs leave again');
  const realJobs = await prepare(env, client);
  const { base_digest } = await configs.current();
  await configs.apply([...bench.documents], base_digest, 'bench-author', 'bench');
  const applied = await configs.current();
  const deps: LifeDeps = { env, client, registry, objects, partitions, applied, bench };
  const real = await startWorkers(env, client, realJobs);
  await liveOnce(deps, first);
  await real.stop();
  const files = await trainingFiles();

  const spent = { ms: 0 };
  const workers = await startWorkers(env, client, createJobBackends(idleJobs(objects, files, spent)));
  const run = (model: (typeof rest)[number]) => liveOnce(deps, model);

  let activities = 0;
  const times: LifeTimes[] = [];
  const bare = () =>
    client.workflow.execute('bareWorkflow', {
      workflowId: `bare/${performance.now()}/${Math.random()}`,
      taskQueue: 'bare',
      args: [activities],
    });

  say(`${ALONE} lives and bare workflows, one at a time`);
  const alone: number[] = [];
  const floor: number[] = [];
  for (const model of rest.slice(0, ALONE)) {
    const jobBefore = spent.ms;
    const life = await run(model);
    alone.push(life.ms - GO_LIVE_MS - (spent.ms - jobBefore));
    // The reconciler's last steps come after the end of the lifecycle.
    await sleep(500);
    const spentOn = await lifeTimes(client, (await requestFor(deps, model)).key, life.deployment);
    times.push(spentOn);
    activities = spentOn.activities;
    floor.push(await timed(bare));
  }

  const together: number[] = [];
  const floorTogether: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    say(`${TOGETHER} lives at once, then as many bare workflows: round ${round + 1} of ${ROUNDS}`);
    const from = ALONE + round * TOGETHER;
    const models = rest.slice(from, from + TOGETHER);
    together.push(await timed(() => Promise.all(models.map(run))));
    floorTogether.push(await timed(() => Promise.all(Array.from({ length: TOGETHER }, bare))));
  }

  say(JSON.stringify(measured()));
  say(`${CROWD} lives at once`);
  const many = await crowd(deps, servers.home, rest.slice(-CROWD));
  await workers.stop();

  return {
    bench: 'lifecycle',
    ...measured(),
    crowd: many,
  };

  /** What is known before the crowd, which may be too much for a machine. */
  function measured() {
    return {
      activities,
      alone_p50_ms: Math.round(median(alone)),
      floor_p50_ms: Math.round(median(floor)),
      alone_ratio: ratio(median(alone), median(floor)),
      together: TOGETHER,
      per_minute: perMinute(together),
      floor_per_minute: perMinute(floorTogether),
      together_ratio: ratio(total(together), total(floorTogether)),
      by_wait: medianTimes(times.map(({ byWait }) => byWait)),
      by_activity: medianTimes(times.map(({ byActivity }) => byActivity)),
    };
  }

  async function trainingFiles(): Promise<TrainingFiles> {
    const [version] = (await registry.versions({ model: first?.name ?? '', feature_set: bench.set.name }))
      .items;
    const found = new Map<string, Buffer>();
    const folder = version?.artifacts[0]?.key.replace(/[^/]+$/, '') ?? '';
    for await (const { key } of objects.list(folder))
      found.set(key.slice(folder.length), await objects.get(key));
    return found;
  }
}

function perMinute(rounds: readonly number[]): number {
  return Math.round(((TOGETHER * rounds.length) / total(rounds)) * 60_000);
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
