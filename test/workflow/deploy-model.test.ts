import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { DeployConfig } from '#configs/model.ts';
import { liveAt } from '#registry/deployments/live-at.ts';
import type { Pair } from '#configs/pair.ts';
import {
  approvedVersion,
  deploymentOf,
  deploymentsOf,
  freshPair,
  trainedVersion,
} from '#test/support/registry.ts';
import { failureOf, run, start, until } from '#test/support/runs.ts';
import { skippingWorld } from '#test/support/world.ts';
import { workflowId } from '#workflows/contract/ids.ts';
import type { DeployInput, DeployResult } from '#workflows/contract/messages.ts';
import { forThisFile } from '#test/support/stores.ts';

const world = await forThisFile(skippingWorld(['lifecycle', 'waits', 'jobs']));

const { registry, objects } = world;
const TERMS: DeployConfig = {
  scheduler: 'airflow',
  schedule: '0 5 * * *',
  timezone: 'Europe/London',
  go_live: 'next_day',
};

function deployment(pair: Pair, version: number, terms: Partial<DeployConfig> = {}): DeployInput {
  return { pair, version, deployment: 1, terms: { ...TERMS, ...terms }, requested_by: 'oper' };
}

/** Deploys under the natural id and gives the moments it was asked for and went live, by the server's clock. */
async function deploy(input: DeployInput): Promise<{ asked: string; result: DeployResult }> {
  const asked = new Date(await world.now()).toISOString();
  const id = workflowId.deploy(input.pair, input.deployment);
  return { asked, result: await run<DeployResult>(world, 'deployModel', input, id) };
}

test('a version that nobody approved is refused by its code, and nothing is scheduled', async () => {
  const pair = freshPair();
  await registry.registerVersion(await trainedVersion(objects, pair));
  const failure = await failureOf(start(world, 'deployModel', deployment(pair, 1)));
  assert.equal(failure.type, 'VERSION_NOT_APPROVED');
  assert.deepEqual(await deploymentsOf(registry, pair), []);
});

test('a version goes live at the next midnight of its zone, over a night that nobody waits for', async () => {
  const pair = freshPair();
  const version = await approvedVersion(registry, objects, pair);
  const { asked, result } = await deploy(deployment(pair, version));
  const midnight = liveAt(asked, 'next_day', 'Europe/London');
  assert.equal((await registry.deployment(pair, 1)).live_at, midnight);
  assert.equal(result.status, 'live');
  const late = Date.parse(result.live_from ?? '') - Date.parse(midnight);
  assert.ok(late >= 0 && late < 120_000, `live ${late} ms after midnight`);
});

test('the day on which the clocks go forward ends an hour earlier, and the version goes live then', async () => {
  await skipTo(`${clocksGoForward(await world.now())}T12:00:00.000Z`);
  const pair = freshPair();
  const { asked, result } = await deploy(deployment(pair, await approvedVersion(registry, objects, pair)));
  assert.equal(liveAt(asked, 'next_day', 'Europe/London'), `${asked.slice(0, 10)}T23:00:00.000Z`);
  const late = Date.parse(result.live_from ?? '') - Date.parse(`${asked.slice(0, 10)}T23:00:00.000Z`);
  assert.ok(late >= 0 && late < 120_000, `live ${late} ms after midnight`);
});

test('of two deployments that ask for one number one is made, and the other one says which is taken', async () => {
  const pair = freshPair();
  const [first, second] = [
    await approvedVersion(registry, objects, pair),
    await approvedVersion(registry, objects, pair),
  ];
  const soon = { go_live: { after: '1s' } };
  const handles = await Promise.all(
    [first, second].map((version) =>
      start(world, 'deployModel', deployment(pair, version, soon), `race/${randomUUID()}`),
    ),
  );
  // By the clock of the wall: two results awaited at once would skip time under each other's feet.
  const refused = await until(async () => {
    const states = await Promise.all(handles.map((handle) => handle.describe()));
    return handles.find((_, index) => states[index]?.status.name === 'FAILED');
  }, 'one of them is refused');
  assert.equal((await failureOf(refused)).type, 'DEPLOYMENT_NUMBER_TAKEN');
  assert.equal((await deploymentsOf(registry, pair)).length, 1);
});

test('a deployment whose workflow is cancelled is taken back and never goes live', async () => {
  const pair = freshPair();
  const version = await approvedVersion(registry, objects, pair);
  const handle = await start(world, 'deployModel', deployment(pair, version));
  await until(async () => (await deploymentsOf(registry, pair)).length === 1, 'the deployment is scheduled');
  assert.equal((await registry.stage(pair, version)).stage, 'scheduled');
  await handle.cancel();
  await assert.rejects(handle.result());
  assert.equal((await registry.deployment(pair, 1)).status, 'cancelled');
  assert.equal((await registry.stage(pair, version)).stage, 'approved');
  const entry = (await registry.dossier(pair)).items.find(({ kind }) => kind === 'deployment_cancelled');
  assert.equal(entry?.principal, 'temporal', 'the requester did not cancel it');
  await world.skip(48 * 3_600_000);
  assert.equal((await registry.state(pair)).live, null);
});

test('a deployment that was cancelled in the registry ends its workflow without going live', async () => {
  const pair = freshPair();
  const version = await approvedVersion(registry, objects, pair);
  const handle = await start(world, 'deployModel', deployment(pair, version));
  await until(async () => (await deploymentsOf(registry, pair)).length === 1, 'the deployment is scheduled');
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

test('a deployment that is in the registry already is not written again, and goes live when it is due', async () => {
  const pair = freshPair();
  const version = await approvedVersion(registry, objects, pair);
  const live_at = new Date((await world.now()) + 60_000).toISOString();
  const { deployment: _reserved, ...terms } = deploymentOf(pair, 1, version, live_at);
  const { deployment: number } = await registry.schedule({ ...terms, byHand: { beside: false } });
  const { result } = await deploy({ ...deployment(pair, version), deployment: number, live_at });
  assert.equal(result.status, 'live');
  assert.ok((result.live_from ?? '') >= live_at);
  assert.equal((await deploymentsOf(registry, pair)).length, 1);
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
