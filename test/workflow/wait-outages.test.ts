import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { ATTEMPTS_OF_A_DAY, endOutage, isWaiting, outage } from '#test/support/outages.ts';
import { start, until } from '#test/support/runs.ts';
import { forThisFile } from '#test/support/stores.ts';
import { newModel, putLake, trainInput } from '#test/support/world-models.ts';
import { cuttableWorld } from '#test/support/world.ts';
import { workflowId } from '#workflows/contract/ids.ts';

// Queries are hosted later, so that what needs them waits.
const world = await forThisFile(cuttableWorld(['lifecycle', 'waits', 'jobs']));
before(() => putLake(world));

test('waits for a partition and for a training outlast an outage of more than a day', async () => {
  const model = await newModel(world);
  const input = await trainInput(world, model);
  const training = await start(world, 'trainModel', input, workflowId.train(input.key), world.plain);
  const life = await start(world, 'modelLifecycle', input, workflowId.lifecycle(input.key), world.plain);
  await until(() => isWaiting(training, 'ensurePartition'), 'the training waits for its partitions');
  await until(() => isWaiting(life, 'awaitRun'), 'the lifecycle waits for the training');
  await outage(world);
  assert.ok(await isWaiting(training, 'ensurePartition', ATTEMPTS_OF_A_DAY));
  assert.ok(await isWaiting(life, 'awaitRun', ATTEMPTS_OF_A_DAY));
  await world.host('features');
  await endOutage(world);
  await training.result();
  const pair = { model: model.name, feature_set: model.feature_set };
  await until(() => world.registry.version(pair, 1).catch(() => undefined), 'it is registered', 90_000);
  await assert.rejects(world.registry.version(pair, 2), { code: 'VERSION_NOT_FOUND' });
});
