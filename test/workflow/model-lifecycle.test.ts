import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import { hasCode } from '#errors/cause.ts';
import { liveAt } from '#registry/deployments/live-at.ts';
import { approval, deploymentsOf } from '#test/support/registry.ts';
import { run } from '#test/support/runs.ts';
import { AUTHOR, putLake, waitingLifecycle } from '#test/support/world-models.ts';
import { skippingWorld } from '#test/support/world.ts';
import { signalChanged } from '#workflows/contract/signals.ts';
import { forThisFile } from '#test/support/stores.ts';

const world = await forThisFile(skippingWorld());
before(() => putLake(world));

const { registry } = world;
const HOUR_MS = 3_600_000;

test('the author may not approve; an approval whose signals were all lost is found by the sweep, and the next midnight is live', async () => {
  const { pair, result } = await waitingLifecycle(world);
  await assert.rejects(
    registry.judge({ ...(await approval(registry, pair, 1)), principal: AUTHOR }),
    (error) => hasCode(error, 'APPROVER_IS_AUTHOR'),
  );
  assert.equal((await registry.stage(pair, 1)).stage, 'registered');
  await world.skip(2 * HOUR_MS);
  assert.equal((await registry.stage(pair, 1)).stage, 'registered');

  await registry.judge(await approval(registry, pair, 1));
  const found = new Date(await world.now()).toISOString();
  await run(world, 'reconcileRegistry', null);
  const { live_from, ...rest } = await result();
  assert.deepEqual(rest, { version: 1, verdict: 'approve', deployment: 1 });
  const { live_at } = await registry.deployment(pair, 1);
  assert.equal(live_at, liveAt(found, 'next_day', 'Europe/London'));
  assert.ok(Date.parse(live_from ?? '') >= Date.parse(live_at));
});

test('a lifecycle that waits for ninety days for its approval stays small, and goes on', async () => {
  const { handle, pair, result } = await waitingLifecycle(world, { deploy: { go_live: { after: '2s' } } });
  await world.skip(90 * 24 * HOUR_MS);
  const { events } = await handle.fetchHistory();
  const run = (await handle.describe()).runId;
  assert.ok((events?.length ?? 0) < 1_000, `${events?.length} events in ${run}`);
  await registry.judge(await approval(registry, pair, 1));
  await signalChanged(world.plain, registry, { ...pair, version: 1 });
  assert.equal((await result()).version, 1);
});

test('a signalled approval is acted on at once', async () => {
  const { pair, result } = await waitingLifecycle(world, { deploy: { go_live: { after: '2s' } } });
  const approved = await world.now();
  await registry.judge(await approval(registry, pair, 1));
  await signalChanged(world.plain, registry, { ...pair, version: 1 });
  const { live_from } = await result();
  assert.ok(Date.parse(live_from ?? '') - approved < HOUR_MS / 2);
  assert.equal((await registry.state(pair)).live?.version, 1);
});

test('a rejection ends the lifecycle, and nothing is deployed', async () => {
  const { pair, result } = await waitingLifecycle(world);
  await registry.judge({ ...(await approval(registry, pair, 1)), verdict: 'reject' });
  await signalChanged(world.plain, registry, { ...pair, version: 1 });
  assert.deepEqual(await result(), { version: 1, verdict: 'reject', deployment: null, live_from: null });
  assert.deepEqual(await deploymentsOf(registry, pair), []);
});

test('a version archived before the lifecycle heard of its approval does not go live', async () => {
  const { pair, result } = await waitingLifecycle(world);
  await registry.judge(await approval(registry, pair, 1));
  await registry.archiveVersion({
    pair,
    version: 1,
    principal: 'grace',
    reason: 'withdrawn',
    commandId: randomUUID(),
  });
  assert.deepEqual(await result(), { version: 1, verdict: 'archive', deployment: null, live_from: null });
  assert.equal((await registry.state(pair)).live, null);
});

test('a version withdrawn while it waits ends the lifecycle, and nothing is deployed', async () => {
  const { pair, result } = await waitingLifecycle(world);
  await registry.withdrawVersion({
    pair,
    version: 1,
    principal: 'oper',
    reason: 'wrong labels',
    commandId: randomUUID(),
  });
  await signalChanged(world.plain, registry, { ...pair, version: 1 });
  assert.deepEqual(await result(), { version: 1, verdict: 'withdraw', deployment: null, live_from: null });
  assert.deepEqual(await deploymentsOf(registry, pair), []);
});
