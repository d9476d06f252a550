import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { jobsOf } from '#platform/jobs/job-records.ts';
import { endOutage, outage } from '#test/support/outages.ts';
import { start, until } from '#test/support/runs.ts';
import { forThisFile } from '#test/support/stores.ts';
import { newModel, putLake, trainInput } from '#test/support/world-models.ts';
import { cuttableWorld } from '#test/support/world.ts';
import { workflowId } from '#workflows/contract/ids.ts';

// Jobs are hosted later, so that the training waits for its job.
const world = await forThisFile(cuttableWorld(['lifecycle', 'waits', 'features']));
before(() => putLake(world));

test('a training whose job meets an outage of more than a day runs one job', async () => {
  const input = await trainInput(world, await newModel(world));
  const id = workflowId.train(input.key);
  const training = await start(world, 'trainModel', input, id, world.plain);
  await until(
    async () => (await training.describe()).raw.pendingActivities?.[0]?.activityType?.name?.startsWith('run'),
    'the training waits for its job',
    60_000,
  );
  const { table, objects } = world.networks;
  for (const network of [table, objects]) network.cut();
  await world.host('jobs');
  await outage(world);
  await endOutage(world);
  await training.result();
  assert.equal((await jobsOf(world.table, id)).length, 1);
  assert.notEqual(await world.trainings.find(input.key), undefined);
});
