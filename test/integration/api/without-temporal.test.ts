import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Client, Connection } from '@temporalio/client';
import type { AuditEntry } from '#access/audit-store.ts';
import { createRegistry, type Registry } from '#registry/registry.ts';
import { cardFiles } from '#test/support/cards.ts';
import { approvedVersion, deploymentOf } from '#test/support/registry.ts';
import { applyConfigs } from './fixtures/configs.ts';
import { runningApp, type RunningApp } from './running-app.ts';

const pair = { model: 'miss_risk', feature_set: 'behaviour' };
const base = '/v1/pairs/miss_risk/behaviour';
const DUE = '2026-02-01T00:00:00.000Z';
const FAR = '2999-01-01T00:00:00.000Z';

let running: RunningApp;
let registry: Registry;
before(async () => {
  const connection = Connection.lazy({ address: '127.0.0.1:1' });
  running = await runningApp({ temporal: new Client({ connection }) });
  const { table, objects } = running.deps;
  await applyConfigs(table, objects, cardFiles());
  registry = createRegistry(table, objects, { now: () => new Date(DUE) });
  for (const deployment of [1, 2]) {
    const version = await approvedVersion(registry, objects, pair);
    await registry.schedule(deploymentOf(pair, deployment, version, DUE));
    await registry.promote({ pair, deployment, dueBy: DUE, commandId: randomUUID() });
  }
  const waiting = await approvedVersion(registry, objects, pair);
  for (const deployment of [3, 4]) await registry.schedule(deploymentOf(pair, deployment, waiting, FAR));
});
after(() => running[Symbol.asyncDispose]());

/** In this order: each leaves what the next one needs. */
const changes: readonly (readonly [string, object])[] = [
  ['/deployments/3/cancel', { reason: 'a trial' }],
  ['/rollback', { from_deployment: 2 }],
  ['/versions/3/withdraw', { reason: 'a fault' }],
  ['/versions/1/archive', { reason: 'no longer needed' }],
];

for (const [path, payload] of changes) {
  test(`POST ${path} makes its change while Temporal does not answer, and says so`, async () => {
    const { seq } = await registry.state(pair);
    const answer = await running.ask('operator', { method: 'POST', url: `${base}${path}`, payload });
    assert.equal(answer.statusCode, 200, answer.body);
    assert.equal((await registry.state(pair)).seq, seq + 1);
    const { items } = (await running.ask('admin', { url: '/v1/audit?limit=200' })).json();
    const entries = (items as AuditEntry[]).filter((entry) => entry.path === `${base}${path}`);
    assert.deepEqual(
      entries.map(({ status, code }) => [status, code]),
      [[200, undefined]],
    );
  });
}
