import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { WorkflowHandle } from '@temporalio/client';
import { liveAt } from '#registry/deployments/live-at.ts';
import type { Pair } from '#configs/pair.ts';
import { approvedVersion, freshPair, scheduled } from '#test/support/registry.ts';
import { run, start, until, waitsOnTimer } from '#test/support/runs.ts';
import { skippingWorld } from '#test/support/world.ts';
import { workflowId } from '#workflows/contract/ids.ts';
import type { DeployResult } from '#workflows/contract/messages.ts';
import { forThisFile } from '#test/support/stores.ts';

const world = await forThisFile(skippingWorld(['lifecycle', 'waits', 'jobs']));

const { registry, objects } = world;
const HOUR_MS = 3_600_000;
const ZONE = 'Europe/London';

/** Deploys at the next midnight, and gives the moments it was asked for and went live, by the server's clock. */
async function deployTomorrow(pair: Pair): Promise<{ asked: string; result: DeployResult }> {
  const version = await approvedVersion(registry, objects, pair);
  const asked = new Date(await world.now()).toISOString();
  const input = await scheduled(registry, pair, version, liveAt(asked, 'next_day', ZONE));
  const id = workflowId.deploy(pair, input.deployment);
  return { asked, result: await run<DeployResult>(world, 'deployModel', input, id) };
}

async function waiting(pair: Pair, version: number): Promise<WorkflowHandle> {
  const tomorrow = new Date((await world.now()) + 24 * HOUR_MS).toISOString();
  const handle = await start(world, 'deployModel', await scheduled(registry, pair, version, tomorrow));
  await until(() => waitsOnTimer(handle), 'it waits');
  return handle;
}

test('a version goes live at the next midnight of its zone, over a night that nobody waits for', async () => {
  const pair = freshPair();
  const { asked, result } = await deployTomorrow(pair);
  const midnight = liveAt(asked, 'next_day', ZONE);
  assert.equal((await registry.deployment(pair, 1)).live_at, midnight);
  assert.equal(result.status, 'live');
  const late = Date.parse(result.live_from ?? '') - Date.parse(midnight);
  assert.ok(late >= 0 && late < 120_000, `live ${late} ms after midnight`);
});

test('the day on which the clocks go forward ends an hour earlier, and the version goes live then', async () => {
  await skipTo(`${clocksGoForward(await world.now())}T12:00:00.000Z`);
  const pair = freshPair();
  const { asked, result } = await deployTomorrow(pair);
  assert.equal(liveAt(asked, 'next_day', ZONE), `${asked.slice(0, 10)}T23:00:00.000Z`);
  const late = Date.parse(result.live_from ?? '') - Date.parse(`${asked.slice(0, 10)}T23:00:00.000Z`);
  assert.ok(late >= 0 && late < 120_000, `live ${late} ms after midnight`);
});

test('a deployment whose workflow is cancelled is taken back and never goes live', async () => {
  const pair = freshPair();
  const version = await approvedVersion(registry, objects, pair);
  const handle = await waiting(pair, version);
  assert.equal((await registry.stage(pair, version)).stage, 'scheduled');
  await handle.cancel();
  await assert.rejects(handle.result());
  assert.equal((await registry.deployment(pair, 1)).status, 'cancelled');
  assert.equal((await registry.stage(pair, version)).stage, 'approved');
  const entry = (await registry.dossier(pair)).items.find(({ kind }) => kind === 'deployment_cancelled');
  assert.equal(entry?.principal, 'temporal', 'the requester did not cancel it');
  await world.skip(48 * HOUR_MS);
  assert.equal((await registry.state(pair)).live, null);
});

test('a deployment that was cancelled in the registry ends its workflow without going live', async () => {
  const pair = freshPair();
  const version = await approvedVersion(registry, objects, pair);
  const handle = await waiting(pair, version);
  await registry.cancelDeployment({
    pair,
    deployment: 1,
    principal: 'oper',
    reason: 'a mistake',
    commandId: randomUUID(),
  });
  const result = (await handle.result()) as DeployResult;
  assert.deepEqual([result.status, result.live_from], ['cancelled', null]);
});

async function skipTo(instant: string): Promise<void> {
  await world.skip(Date.parse(instant) - (await world.now()));
}

/** The next last Sunday of March after an instant. */
function clocksGoForward(after: number): string {
  for (let year = new Date(after).getUTCFullYear(); ; year += 1) {
    const day = new Date(Date.UTC(year, 2, 31));
    day.setUTCDate(31 - day.getUTCDay());
    if (day.getTime() > after) return day.toISOString().slice(0, 10);
  }
}
