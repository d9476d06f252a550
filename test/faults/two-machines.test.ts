import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { jobsOf } from '#platform/jobs/job-records.ts';
import { admittedJobs, licences } from '#platform/jobs/job-licences.ts';
import { workflowId } from '#workflows/contract/ids.ts';
import type { TrainingSummary } from '#workflows/contract/messages.ts';
import { newMachine, type Machine } from '#test/support/machines.ts';
import { start, until } from '#test/support/runs.ts';
import { newModel, putLake, trainInput } from '#test/support/world-models.ts';
import { namespaceWorld } from '#test/support/world.ts';

/** Everything but jobs runs in this process; the machines run the jobs. */
const world = await namespaceWorld(['lifecycle', 'waits', 'features']);
after(() => world[Symbol.asyncDispose]());
before(() => putLake(world));

/** A training whose jobs run until they may end. */
async function beginTraining(name: string) {
  const mayEnd = join(world.env.MILLRACE_HOME, `${name}-may-end`);
  const input = await trainInput(world, await newModel(world, { waitsFor: mayEnd }));
  const id = workflowId.train(input.key);
  const handle = await start(world, 'trainModel', input, id, world.plain);
  return {
    input,
    handle,
    letJobsEnd: () => writeFileSync(mayEnd, ''),
    jobs: () => jobsOf(world.table, id),
    result: () => handle.result() as Promise<TrainingSummary>,
  };
}

/** Keys and digests of what a training consists of, read from the store. */
async function bytesOf({ manifest }: TrainingSummary): Promise<readonly (readonly [string, string])[]> {
  const { artifacts } = await world.trainings.read(manifest);
  const stored = [manifest, ...artifacts].map(async ({ key, sha256 }) => {
    const found = await world.objects.sha256(key);
    assert.equal(found.sha256, sha256, key);
    return [key, found.sha256] as const;
  });
  return Promise.all(stored);
}

async function untilRunning(machine: Machine): Promise<void> {
  await until(async () => (await machine.runningJobs()).length > 0, 'the job runs');
  // Its trainer has begun too.
  await sleep(1_000);
}

async function nothingIsAdmitted(): Promise<void> {
  await until(async () => (await licences(world.table)).items.length === 0, 'all licences are given back');
  const { in_all, of_team } = await admittedJobs(world.table);
  assert.deepEqual(
    [in_all, ...Object.values(of_team)].filter((count) => count !== 0),
    [],
  );
}

test('starts a job of a machine that is lost again on another one, as a new attempt', async () => {
  await using a = await newMachine(world.env);
  await using b = await newMachine(world.env, { MILLRACE_HOST_PATIENCE_SECONDS: 3 });
  await a.start();
  const training = await beginTraining('lost');
  await untilRunning(a);
  await b.start();
  await a.powerOff();
  const jobs = await until(
    async () => {
      const found = await training.jobs();
      return found.length === 2 && found;
    },
    'the job is on another machine',
    120_000,
  );
  assert.deepEqual(
    jobs.map(({ handle }) => handle.host),
    [a.host, b.host],
  );
  assert.equal(new Set(jobs.map(({ handle }) => handle.key)).size, 2);
  assert.deepEqual(
    jobs.map(({ given_up_at }) => given_up_at !== undefined),
    [true, false],
  );
  training.letJobsEnd();
  const committed = await training.result();
  const attempts = (await bytesOf(committed)).filter(([key]) => key.includes('/attempt='));
  assert.ok(attempts.length > 0);
  for (const [key] of attempts) assert.ok(key.includes(`/attempt=${jobs[1]?.handle.key}/`), key);
  await nothingIsAdmitted();
});

test('adopts the job when the machine has a worker again, though another machine was asked first', async () => {
  await using a = await newMachine(world.env);
  await using b = await newMachine(world.env, { MILLRACE_HOST_PATIENCE_SECONDS: 90 });
  await a.start();
  const training = await beginTraining('adopted');
  await untilRunning(a);
  await b.start();
  await a.killWorker();
  const queue = `jobs@${a.host}`;
  await until(
    async () => {
      const { events } = await training.handle.fetchHistory();
      return events?.some(
        ({ activityTaskScheduledEventAttributes: scheduled }) => scheduled?.taskQueue?.name === queue,
      );
    },
    'the workflow asks the machine of the job',
    120_000,
  );
  await a.start();
  training.letJobsEnd();
  await bytesOf(await training.result());
  const jobs = await training.jobs();
  assert.deepEqual(
    jobs.map(({ handle }) => handle.host),
    [a.host],
  );
  await nothingIsAdmitted();
});

test('keeps every byte of a version when a frozen machine goes on after another has committed', async () => {
  await using a = await newMachine(world.env);
  await using b = await newMachine(world.env, { MILLRACE_HOST_PATIENCE_SECONDS: 3 });
  await a.start();
  const training = await beginTraining('frozen');
  await untilRunning(a);
  await b.start();
  await a.freeze();
  await until(async () => (await training.jobs()).length === 2, 'the job is on another machine', 240_000);
  training.letJobsEnd();
  const committed = await training.result();
  const before = await bytesOf(committed);
  await a.thaw();
  await until(async () => (await a.runningJobs()).length === 0, 'the stale job has ended', 90_000);
  // What it wrote at the last moment would have arrived.
  await sleep(2_000);
  assert.deepEqual(await bytesOf(committed), before);
  assert.deepEqual(await world.trainings.find(training.input.key), committed);
  await nothingIsAdmitted();
});
