import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { ScheduleNotFoundError, ScheduleOverlapPolicy, type ScheduleHandle } from '@temporalio/client';
import { callReconciler } from '#workflows/contract/signals.ts';
import { scoreDateOfTick } from '#scoring/ticks.ts';
import { ensureSystemSchedules } from '#bootstrap/schedules.ts';
import type { Pair } from '#configs/pair.ts';
import { approvedVersion, deploymentOf, freshPair } from '#test/support/registry.ts';
import { failureOf, until } from '#test/support/runs.ts';
import { approved, newModel, putLake } from '#test/support/world-models.ts';
import { namespaceWorld } from '#test/support/world.ts';
import { scheduleId } from '#workflows/contract/ids.ts';
import { forThisFile } from '#test/support/stores.ts';

const world = await forThisFile(namespaceWorld());
before(() => putLake(world));

const { client, registry, objects } = world;
const PAST = '2026-01-02T00:00:00.000Z';

/** Deploys on terms, and waits until the reconciler has emitted them. */
async function deployOn(
  pair: Pair,
  deployment: number,
  terms: { readonly scheduler: 'temporal' | 'airflow'; readonly schedule: string },
): Promise<void> {
  await registry.schedule({ ...deploymentOf(pair, deployment, 1, PAST), ...terms });
  await callReconciler(client, pair);
  await until(async () => {
    const { live, emitted } = await registry.state(pair);
    const { scheduler, schedule } = emitted ?? {};
    return live?.deployment === deployment && scheduler === terms.scheduler && schedule === terms.schedule;
  }, `the terms of deployment ${deployment} are emitted`);
}

/** Results of the runs that a schedule has started, once there are as many. */
async function resultsOf(schedule: ScheduleHandle, runs: number): Promise<unknown[]> {
  const actions = await until(async () => {
    const { info } = await schedule.describe();
    const ids = info.recentActions.map(({ action }) => action.workflow.workflowId);
    return ids.length >= runs && ids;
  }, `${runs} runs have started`);
  return Promise.all(actions.map((id) => client.workflow.getHandle(id).result()));
}

test('the sweep promotes what is due though no signal ever came, and is never twice at work', async () => {
  assert.equal((await ensureSystemSchedules(client))[scheduleId.sweep], 'missing');
  assert.equal((await ensureSystemSchedules(client))[scheduleId.sweep], 'right');
  const pair = freshPair();
  const version = await approvedVersion(registry, objects, pair);
  await registry.schedule(deploymentOf(pair, 1, version, PAST));
  const sweep = client.schedule.getHandle(scheduleId.sweep);
  assert.equal((await sweep.describe()).policies.overlap, ScheduleOverlapPolicy.SKIP);
  await sweep.trigger();
  await until(async () => (await registry.state(pair)).live?.deployment === 1, 'the deployment is live');
});

test('a pair has a schedule while Temporal scores it: made, changed and removed with the terms of its deployment', async () => {
  const pair = freshPair();
  await approvedVersion(registry, objects, pair);
  const schedule = client.schedule.getHandle(scheduleId.score(pair));
  await deployOn(pair, 1, { scheduler: 'temporal', schedule: '0 5 * * *' });
  const made = await schedule.describe();
  const { overlap, catchupWindow, pauseOnFailure } = made.policies;
  assert.deepEqual(
    [overlap, catchupWindow, pauseOnFailure],
    [ScheduleOverlapPolicy.ALLOW_ALL, 3 * 24 * 3_600_000, false],
  );
  assert.equal(made.spec.timezone, 'Europe/London');
  assert.deepEqual(
    made.spec.calendars?.map(({ hour }) => hour),
    [[{ start: 5, end: 5, step: 1 }]],
  );

  await deployOn(pair, 2, { scheduler: 'temporal', schedule: '0 6 * * *' });
  const changed = await schedule.describe();
  assert.deepEqual(
    changed.spec.calendars?.map(({ hour }) => hour),
    [[{ start: 6, end: 6, step: 1 }]],
  );
  assert.deepEqual(changed.policies, made.policies);

  await deployOn(pair, 3, { scheduler: 'airflow', schedule: '0 6 * * *' });
  await assert.rejects(schedule.describe(), ScheduleNotFoundError);
});

test('a tick scores the live version for the day it belongs to; a second one of the day changes nothing', async () => {
  const pair = await approved(world, await newModel(world));
  await deployOn(pair, 1, { scheduler: 'temporal', schedule: '0 5 * * *' });
  const schedule = client.schedule.getHandle(scheduleId.score(pair));
  await schedule.trigger(ScheduleOverlapPolicy.ALLOW_ALL);
  const today = scoreDateOfTick('0 5 * * *', 'Europe/London', new Date().toISOString());
  const [first] = await resultsOf(schedule, 1);
  await schedule.trigger(ScheduleOverlapPolicy.ALLOW_ALL);
  assert.deepEqual(await resultsOf(schedule, 2), [first, first]);
  const scores = await world.scores.list(pair);
  assert.deepEqual(
    scores.map(({ score_date, version, revision }) => [score_date, version, revision]),
    [[today, 1, 1]],
  );
});

test('a day that was missed and is made up for is scored as that day', async () => {
  const pair = await approved(world, await newModel(world));
  await deployOn(pair, 1, { scheduler: 'temporal', schedule: '0 5 * * *' });
  const schedule = client.schedule.getHandle(scheduleId.score(pair));
  await schedule.backfill({
    start: new Date('2024-04-20T00:00:00Z'),
    end: new Date('2024-04-21T23:00:00Z'),
    overlap: ScheduleOverlapPolicy.ALLOW_ALL,
  });
  await resultsOf(schedule, 2);
  const scores = await world.scores.list(pair);
  assert.deepEqual(
    scores.map(({ score_date }) => score_date),
    ['2024-04-20', '2024-04-21'],
  );
});

test('a day whose time the clocks skip, or show twice, is scored once', async () => {
  const pair = await approved(world, await newModel(world));
  const days = [
    { schedule: '30 1 * * *', from: '2024-11-02T12:00:00Z', to: '2024-11-04T12:00:00Z', runs: 3 },
    { schedule: '30 2 * * *', from: '2026-03-07T12:00:00Z', to: '2026-03-09T12:00:00Z', runs: 2 },
  ];
  for (const [index, { schedule, from, to, runs }] of days.entries()) {
    const terms = { scheduler: 'temporal', schedule, timezone: 'America/New_York' } as const;
    await registry.schedule({ ...deploymentOf(pair, index + 1, 1, PAST), ...terms });
    await callReconciler(client, pair);
    await until(async () => (await registry.state(pair)).emitted?.schedule === schedule, 'it is emitted');
    const handle = client.schedule.getHandle(scheduleId.score(pair));
    const before = (await handle.describe()).info.recentActions.length;
    const overlap = ScheduleOverlapPolicy.ALLOW_ALL;
    await handle.backfill({ start: new Date(from), end: new Date(to), overlap });
    await resultsOf(handle, before + runs);
  }
  const scores = await world.scores.list(pair);
  assert.deepEqual(
    scores.map(({ score_date, version, revision }) => [score_date, version, revision]),
    ['2024-11-03', '2024-11-04', '2026-03-08', '2026-03-09'].map((day) => [day, 1, 1]),
  );
});

test('a tick of a pair without a live version fails by its code', async () => {
  const pair = freshPair();
  await approvedVersion(registry, objects, pair);
  const handle = await client.workflow.start('scoreScheduled', {
    taskQueue: 'lifecycle',
    workflowId: `${scheduleId.score(pair)}-by-hand`,
    args: [{ pair, schedule: '0 5 * * *', timezone: 'Europe/London' }],
  });
  assert.equal((await failureOf(handle)).type, 'NO_LIVE_VERSION');
});
