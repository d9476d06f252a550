import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { approval, deploymentsOf } from '#test/support/registry.ts';
import { until } from '#test/support/runs.ts';
import { putLake, waitingLifecycle } from '#test/support/world-models.ts';
import { cuttableWorld, type Networks } from '#test/support/world.ts';
import { signalChanged } from '#workflows/contract/signals.ts';
import { forThisFile } from '#test/support/stores.ts';

const world = await forThisFile(cuttableWorld());
before(() => putLake(world));

const { registry } = world;
const HOUR_MS = 3_600_000;
const OUTAGE_MS = 26 * HOUR_MS;

const OUTAGES: readonly (keyof Networks)[] = ['table', 'objects', 'temporal'];

for (const what of OUTAGES) {
  test(`a lifecycle that waits for its approval survives an outage of ${what} of a day, and an approval in the middle of it`, async () => {
    const { pair, result } = await waitingLifecycle(world);
    world.networks[what].cut();
    await world.skip(OUTAGE_MS / 2);
    await registry.judge(await approval(registry, pair, 1));
    await signalChanged(world.plain, registry, { ...pair, version: 1 });
    await world.skip(OUTAGE_MS / 2);
    await world.networks[what].mend();
    const { version, verdict, deployment } = await result();
    assert.deepEqual([version, verdict, deployment], [1, 'approve', 1]);
    assert.equal((await deploymentsOf(registry, pair)).length, 1);
  });
}

test('a deployment that is due in the middle of an outage of everything goes live after it, once', async () => {
  const { pair, result } = await waitingLifecycle(world);
  await registry.judge(await approval(registry, pair, 1));
  await signalChanged(world.plain, registry, { ...pair, version: 1 });
  await until(async () => (await deploymentsOf(registry, pair)).length === 1, 'the deployment is scheduled');
  for (const what of OUTAGES) world.networks[what].cut();
  await world.skip(OUTAGE_MS);
  assert.equal((await registry.state(pair)).live, null);
  for (const what of OUTAGES) await world.networks[what].mend();
  const { deployment } = await result();
  assert.equal(deployment, 1);
  assert.equal((await registry.state(pair)).live?.deployment, 1);
  assert.equal((await deploymentsOf(registry, pair)).length, 1);
});
