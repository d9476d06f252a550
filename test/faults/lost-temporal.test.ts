import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { Client, Connection } from '@temporalio/client';
import { addDays } from '#features/calendar.ts';
import { temporalAddress } from '#platform/temporal/connection.ts';
import { createRegistry } from '#registry/registry.ts';
import type { ScoresManifest } from '#scoring/scores.ts';
import { answer } from '#client/client.ts';
import type { Pair } from '#configs/pair.ts';
import { scheduleId } from '#workflows/contract/ids.ts';
import {
  applyTanks,
  approve,
  pairOf,
  pathOf,
  startLife,
  startLives,
  until,
  untilCompleted,
  untilRegistered,
} from './lives.ts';
import { keysBelow } from './stores-read.ts';

const DAILY = { scheduler: 'temporal', schedule: '0 0 * * *', timezone: 'UTC' } as const;

test('after the loss of the whole Temporal database everything is back without a hand, and no day is scored twice', async () => {
  await using lives = await startLives(160);
  const { platform, stores, author, approver } = lives;
  const registry = createRegistry(stores.table, stores.objects);
  const client = new Client({ connection: Connection.lazy(temporalAddress(platform.env)) });
  const [served, waiting] = [pairOf('leak_risk_1'), pairOf('leak_risk_2')];
  await applyTanks(author, [served.model, waiting.model], 1, (text) =>
    text.replace('max_staleness: 3d', 'max_staleness: 999d'),
  );

  const today = new Date().toISOString().slice(0, 10);
  await liveSince(`${addDays(today, -30)}T00:00:00.000Z`);
  // The ticks of the last three days; the first and the last of them are scored when Temporal is lost.
  const days = [-2, -1, 0].map((offset) => addDays(today, offset));
  for (const day of [days[0], days[2]]) await scoreDay(day ?? assert.fail());
  const before = await scoredDays();
  assert.deepEqual([...before.keys()], [days[0], days[2]]);
  await startLife(author, waiting);
  await untilRegistered(author, waiting, 1);

  await platform.kill('temporal');
  for (const suffix of ['', '-shm', '-wal'])
    await rm(join(platform.home.home, 'temporal', `temporal.db${suffix}`), { force: true });
  await platform.start('temporal');

  await approve(approver, waiting, 1);
  await until('the installation has its schedules again', hasSystemSchedules, Boolean);
  // An hour later.
  await client.schedule.getHandle(scheduleId.verify).trigger();
  await until(
    'the schedule of the pair is back',
    () => client.schedule.getHandle(scheduleId.score(served)).describe(),
    ({ state }) => !state.paused,
  );
  await until('the missing day is scored', scoredDays, (scored) => scored.size === 3);
  await until(
    'what was approved meanwhile is live, without its lifecycle',
    () => registry.state(waiting),
    ({ live }) => live?.version === 1,
  );
  const after = await scoredDays();
  for (const [day, manifest] of before) assert.deepEqual(after.get(day), manifest, day);
  assert.deepEqual([...after.keys()].toSorted(), days);
  const { items } = await registry.dossier(served);
  assert.ok(items.some(({ kind }) => kind === 'spec_lost'));
  await client.connection.close();

  /** A version whose schedule has existed for longer than it makes up for. */
  async function liveSince(instant: string): Promise<void> {
    const life = await startLife(author, served);
    await untilRegistered(author, served, 1);
    await until(
      'the deployment is ordered',
      () => registry.stage(served, 1),
      ({ order }) => order !== undefined,
    );
    const params = { path: { '*': `${life.workflow_id}/cancel` } };
    await answer(author.POST('/v1/workflows/{*}', { params }));
    await approve(approver, served, 1);
    await registry.schedule({
      pair: served,
      version: 1,
      ...DAILY,
      liveAt: instant,
      principal: 'mia',
      byHand: { beside: false },
      commandId: 'old',
    });
    await until(
      'the pair is live and has its schedule',
      () => registry.state(served),
      ({ live, emitted }) => live !== null && emitted !== null,
    );
  }

  async function scoreDay(day: string): Promise<void> {
    const params = { path: pathOf(served) };
    const run = await answer(
      author.POST('/v1/pairs/{model}/{set}/scores', { params, body: { score_date: day } }),
    );
    await untilCompleted(author, run);
  }

  /** By day, every manifest of the served pair. */
  async function scoredDays(): Promise<ReadonlyMap<string, ScoresManifest>> {
    const keys = (await keysBelow(stores.objects, scoresOf(served))).filter((key) =>
      key.endsWith('/manifest.json'),
    );
    const manifests = await Promise.all(
      keys.map(async (key) => JSON.parse((await stores.objects.get(key)).toString()) as ScoresManifest),
    );
    assert.equal(new Set(manifests.map(({ score_date }) => score_date)).size, manifests.length);
    return new Map(manifests.map((manifest) => [manifest.score_date, manifest]));
  }

  async function hasSystemSchedules(): Promise<boolean> {
    for (const id of [scheduleId.sweep, scheduleId.verify, scheduleId.sweepStore])
      await client.schedule.getHandle(id).describe();
    return true;
  }
});

function scoresOf({ model, feature_set }: Pair): string {
  return `scores/model=${model}/feature_set=${feature_set}/`;
}
