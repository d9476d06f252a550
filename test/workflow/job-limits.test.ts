import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { defaultPlatform } from '#configs/platform.ts';
import { admittedJobs, licences } from '#platform/jobs/job-licences.ts';
import { workflowId } from '#workflows/contract/ids.ts';
import { start, until } from '#test/support/runs.ts';
import { applyDocuments, newModel, putLake, trainInput } from '#test/support/world-models.ts';
import { namespaceWorld } from '#test/support/world.ts';

const world = await namespaceWorld();
after(() => world[Symbol.asyncDispose]());
before(async () => {
  await putLake(world);
  await limit(3, 2);
});

async function limit(at_once: number, per_team: number, teams = {}): Promise<void> {
  await applyDocuments(world, { ...defaultPlatform, jobs: { at_once, per_team, teams } });
}

async function begin(owner: string, mayEnd: string) {
  const input = await trainInput(world, await newModel(world, { waitsFor: mayEnd }, { owner }));
  return start(world, 'trainModel', input, workflowId.train(input.key), world.plain);
}

/** Admitted jobs, by team. */
async function admitted(): Promise<Readonly<Record<string, number>>> {
  const teams: Record<string, number> = {};
  for (const { team } of (await licences(world.table)).items) teams[team] = (teams[team] ?? 0) + 1;
  return teams;
}

/** The most that ever were admitted at the same time, by team and in all, until `done`. */
async function watchMost(done: () => boolean): Promise<Readonly<Record<string, number>>> {
  const most: Record<string, number> = {};
  for (; !done(); await sleep(50)) {
    const now = await admitted();
    const all = Object.values(now).reduce((sum, count) => sum + count, 0);
    for (const [team, count] of Object.entries({ ...now, all }))
      most[team] = Math.max(most[team] ?? 0, count);
  }
  return most;
}

test('lets each team have its share of jobs and no more, and another team in at once', async () => {
  const mayEnd = join(world.env.MILLRACE_HOME, 'may-end');
  let done = false;
  const most = watchMost(() => done);
  const burst = await Promise.all(Array.from({ length: 6 }, () => begin('risk', mayEnd)));
  await until(async () => (await admitted())['risk'] === 2, 'the burst has its share');
  const single = await begin('shop', mayEnd);
  await until(async () => (await admitted())['shop'] === 1, 'the other team has its job', 30_000);
  const waiting = await until(async () => {
    const described = await Promise.all(burst.map((one) => one.describe()));
    return described
      .map(({ raw }) => raw.pendingActivities?.[0]?.lastFailure?.message ?? '')
      .find((message) => message.includes('first'));
  }, 'a job of the burst says why it waits');
  assert.match(
    waiting,
    /^train m\w+ as of 2024-05-01 waits: \d jobs of (team risk|all teams) exist already, and \d waiting jobs? comes? first\.$/,
  );
  // Five jobs wait now, and none of them has a slot.
  writeFileSync(mayEnd, '');
  await Promise.all([...burst, single].map((handle) => handle.result()));
  done = true;
  assert.deepEqual(await most, { all: 3, risk: 2, shop: 1 });
  assert.equal((await admittedJobs(world.table)).in_all, 0);
});

test('keeps to the limits of now, also those of a single team', async () => {
  const mayEnd = join(world.env.MILLRACE_HOME, 'may-end-now');
  await limit(10, 1);
  const trainings = await Promise.all(Array.from({ length: 3 }, () => begin('core', mayEnd)));
  await until(async () => (await admitted())['core'] === 1, 'one is admitted');
  await sleep(3_000);
  assert.deepEqual(await admitted(), { core: 1 });
  await limit(10, 1, { core: 3 });
  await until(async () => (await admitted())['core'] === 3, 'all are admitted', 60_000);
  writeFileSync(mayEnd, '');
  await Promise.all(trainings.map((handle) => handle.result()));
});

test('gives the next free place to the only job of another team, before a burst that waits for longer', async () => {
  await limit(2, 2);
  const file = (name: string): string => join(world.env.MILLRACE_HOME, `order-${name}`);
  const burst = await Promise.all(
    Array.from({ length: 6 }, async (_, at) => ({ at, handle: await begin('risk', file(String(at))) })),
  );
  await until(async () => (await admitted())['risk'] === 2, 'the burst has all places');
  const single = await begin('shop', file('single'));
  await until(async () => {
    const { raw } = await single.describe();
    return raw.pendingActivities?.[0]?.lastFailure?.message?.includes('of all teams exist already');
  }, 'the other team waits, too');
  const [licence] = (await licences(world.table)).items;
  const first = burst.find(({ handle }) => handle.workflowId === licence?.workflow_id);
  writeFileSync(file(String(first?.at)), '');
  await until(async () => (await admitted())['shop'] === 1, 'the other team has the next place', 60_000);
  assert.deepEqual(await admitted(), { risk: 1, shop: 1 });
  for (const name of [...burst.keys(), 'single']) writeFileSync(file(String(name)), '');
  await Promise.all([...burst.map(({ handle }) => handle), single].map((handle) => handle.result()));
});
