import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { ATTEMPTS_OF_A_DAY, endOutage, isWaiting, outage } from '#test/support/outages.ts';
import { deploymentOf } from '#test/support/registry.ts';
import { start, until } from '#test/support/runs.ts';
import { forThisFile } from '#test/support/stores.ts';
import { approved, newModel, putLake } from '#test/support/world-models.ts';
import { cuttableWorld } from '#test/support/world.ts';
import { scheduleId } from '#workflows/contract/ids.ts';

const PAST = '2024-01-02T00:00:00.000Z';

// Scoring is hosted later, so that the day waits for it.
const world = await forThisFile(cuttableWorld(['lifecycle', 'waits', 'features', 'jobs']));
before(() => putLake(world));

test('a wait for the scores of a day outlasts an outage of more than a day, and the day is scored once', async () => {
  const pair = await approved(world, await newModel(world));
  await world.registry.schedule(deploymentOf(pair, 1, 1, PAST));
  await world.registry.promote({ pair, deployment: 1, dueBy: PAST, commandId: 'promote/1' });
  const tick = { pair, schedule: '0 5 1 * *', timezone: 'Europe/London' };
  const handle = await start(world, 'scoreScheduled', tick, `${scheduleId.score(pair)}-tick`, world.plain);
  await until(() => isWaiting(handle, 'ensureLiveScores'), 'the tick waits for the scores of its day');
  await outage(world);
  assert.ok(await isWaiting(handle, 'ensureLiveScores', ATTEMPTS_OF_A_DAY));
  await world.host('scoring');
  await endOutage(world);
  await handle.result();
  assert.equal((await world.scores.list(pair)).length, 1);
});
