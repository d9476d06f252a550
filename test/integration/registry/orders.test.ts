import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import type { Pair } from '#configs/pair.ts';
import { hasCode } from '#errors/cause.ts';
import { decide, type Step } from '#registry/reconcile.ts';
import type { DeploymentOrder } from '#registry/versions/stage.ts';
import {
  approval,
  deploymentsOf,
  freshPair,
  rules,
  trainedVersion,
  withRegistry,
} from '#test/support/registry.ts';

const { registry, objects, clock } = await withRegistry();

const ORDER: DeploymentOrder = {
  terms: { scheduler: 'airflow', schedule: '0 5 * * *', timezone: 'Europe/London', go_live: { after: '1h' } },
  requested_by: 'ana',
};
const REQUESTED = '2026-01-01T03:00:00.000Z';
const LIVE_AT = '2026-01-01T04:00:00.000Z';

async function orderedVersion(pair: Pair): Promise<number> {
  const { version } = await registry.registerVersion(await trainedVersion(objects, pair));
  assert.deepEqual(await order(pair, version), { ordered: true });
  return version;
}

function order(pair: Pair, version: number, commandId: string = randomUUID()) {
  return registry.orderDeployment({ pair, version, order: ORDER, commandId });
}

async function approve(pair: Pair, version: number): Promise<void> {
  await registry.judge(await approval(registry, pair, version));
}

async function toDeploy(pair: Pair): Promise<readonly number[]> {
  return (await registry.state(pair)).to_deploy.map(({ version }) => version);
}

async function carryOut(pair: Pair, version: number) {
  const { to_deploy } = await registry.state(pair);
  const approvedAt = to_deploy.find((one) => one.version === version)?.approved_at ?? 'never';
  return registry.deployApproved({ pair, version, approvedAt, requestedAt: clock.at });
}

const reason = 'no longer needed';
const principal = 'olga';

describe('an order to deploy a version once it is approved', () => {
  it('is carried out after the approval, once, on its terms', async () => {
    const pair = freshPair();
    const version = await orderedVersion(pair);
    assert.deepEqual(await toDeploy(pair), []);
    await approve(pair, version);
    const { approved_at: approvedAt } = (await registry.state(pair)).to_deploy[0] ?? assert.fail();
    const ask = { pair, version, approvedAt, requestedAt: REQUESTED };
    const both = await Promise.all([registry.deployApproved(ask), registry.deployApproved(ask)]);
    const again = await registry.deployApproved({ ...ask, requestedAt: LIVE_AT });
    assert.deepEqual([...new Set([...both, again].map((made) => made?.deployment))], [1]);
    const [made, ...others] = await deploymentsOf(registry, pair);
    assert.deepEqual(others, []);
    assert.deepEqual(
      [made?.live_at, made?.requested_by, made?.on_approval, made?.schedule],
      [LIVE_AT, 'ana', true, '0 5 * * *'],
    );
    assert.deepEqual(await toDeploy(pair), []);
    assert.equal((await registry.stage(pair, version)).order, undefined);
    const entry = (await registry.dossier(pair)).items.find(({ kind }) => kind === 'version_approved');
    assert.deepEqual(entry?.facts['deploys'], ORDER);
  });

  it('is carried out at once for a version that is approved already', async () => {
    const pair = freshPair();
    const { version } = await registry.registerVersion(await trainedVersion(objects, pair));
    await approve(pair, version);
    await order(pair, version);
    assert.deepEqual(await toDeploy(pair), [version]);
  });

  it('is one order, however often it is given, and is not given again once it was taken back', async () => {
    const pair = freshPair();
    const { version } = await registry.registerVersion(await trainedVersion(objects, pair));
    await order(pair, version, 'one');
    const back = { pair, version, principal, reason, commandId: 'back' };
    assert.deepEqual(await registry.withdrawOrder(back), { withdrawn: true });
    assert.deepEqual(await registry.withdrawOrder({ ...back, commandId: 'again' }), { withdrawn: false });
    const withdrawals = (await registry.dossier(pair)).items.filter(({ kind }) => kind === 'order_withdrawn');
    assert.deepEqual(
      withdrawals.map((entry) => [entry.principal, entry.facts]),
      [[principal, { version, reason }]],
    );
    await order(pair, version, 'one');
    await approve(pair, version);
    assert.deepEqual(await toDeploy(pair), []);
    await order(pair, version, 'another');
    assert.deepEqual(await toDeploy(pair), [version]);
  });

  it('is consumed by a deployment by hand', async () => {
    const pair = freshPair();
    const version = await orderedVersion(pair);
    await approve(pair, version);
    const { approved_at: approvedAt } = (await registry.state(pair)).to_deploy[0] ?? assert.fail();
    const { terms } = ORDER;
    await registry.schedule({
      pair,
      version,
      scheduler: terms.scheduler,
      schedule: terms.schedule,
      timezone: terms.timezone,
      liveAt: LIVE_AT,
      principal,
      byHand: { beside: false },
      commandId: randomUUID(),
    });
    assert.equal(await registry.deployApproved({ pair, version, approvedAt, requestedAt: REQUESTED }), null);
    assert.equal((await deploymentsOf(registry, pair)).length, 1);
  });

  it('does not come back when the deployment that carried it out is cancelled', async () => {
    const pair = freshPair();
    const version = await orderedVersion(pair);
    await approve(pair, version);
    await carryOut(pair, version);
    await registry.cancelDeployment({ pair, deployment: 1, principal, reason, commandId: randomUUID() });
    assert.equal((await registry.stage(pair, version)).stage, 'approved');
    assert.deepEqual(await toDeploy(pair), []);
  });

  for (const [how, end] of [
    ['archived', 'archiveVersion'],
    ['withdrawn', 'withdrawVersion'],
  ] as const)
    it(`ends when its approved version is ${how}`, async () => {
      const pair = freshPair();
      const version = await orderedVersion(pair);
      await approve(pair, version);
      await registry[end]({ pair, version, principal, reason, commandId: randomUUID() });
      assert.deepEqual(await toDeploy(pair), []);
      assert.equal((await registry.stage(pair, version)).order, undefined);
    });

  it('that failed is tried again before a newer one', async () => {
    const pair = freshPair();
    const older = await orderedVersion(pair);
    const newer = await orderedVersion(pair);
    await approve(pair, older);
    const step = async (): Promise<Step | undefined> =>
      decide(await registry.state(pair), clock.at).steps.find(({ kind }) => kind === 'deploy_approved');
    const failed = await step();
    assert.ok(failed);
    const error = { code: 'STORE_UNREACHABLE', message: 'away' };
    await registry.noteAttempt({ pair, now: clock.at, tried: { ...failed, at: clock.at, error } });
    assert.equal(await step(), undefined);
    await approve(pair, newer);
    const again = await step();
    assert.ok(again?.kind === 'deploy_approved');
    assert.equal(again.version, older);
    await registry.noteAttempt({ pair, now: clock.at, tried: { ...again, at: clock.at, error } });
    const next = await step();
    assert.ok(next?.kind === 'deploy_approved');
    assert.equal(next.version, newer);
  });

  it('waits again when the approval lapses, and is carried out after the next one', async () => {
    const pair = freshPair();
    const version = await orderedVersion(pair);
    const judge = async (
      approver: string,
      rule: { readonly valid_days: number; readonly approvals: number },
    ) =>
      registry.judge({
        ...(await approval(registry, pair, version)),
        principal: approver,
        rules: rules({ high: rule }),
      });
    await judge('grace', { valid_days: 1, approvals: 1 });
    assert.deepEqual(await toDeploy(pair), [version]);
    clock.at = '2026-01-03T02:00:00.000Z';
    await assert.rejects(carryOut(pair, version), (error) => hasCode(error, 'APPROVAL_EXPIRED'));
    assert.equal((await judge('grace', { valid_days: 9, approvals: 2 })).stage, 'registered');
    assert.deepEqual(await toDeploy(pair), []);
    assert.equal((await judge('henry', { valid_days: 9, approvals: 2 })).stage, 'approved');
    assert.deepEqual(await toDeploy(pair), [version]);
    assert.equal((await carryOut(pair, version))?.version, version);
  });

  it('is not accepted for a version that can have no deployment, or has one', async () => {
    const pair = freshPair();
    const { version } = await registry.registerVersion(await trainedVersion(objects, pair));
    await registry.judge({ ...(await approval(registry, pair, version)), verdict: 'reject' });
    assert.deepEqual(await order(pair, version), { ordered: false });
    const scheduled = await orderedVersion(pair);
    await approve(pair, scheduled);
    await carryOut(pair, scheduled);
    assert.deepEqual(await order(pair, scheduled), { ordered: false });
  });

  it('of a pair is limited, so that they fit into its head, and an approval beyond says so', async () => {
    const pair = freshPair();
    for (let n = 0; n < 50; n += 1) await approve(pair, await orderedVersion(pair));
    const last = await orderedVersion(pair);
    await assert.rejects(approve(pair, last), (error) => hasCode(error, 'DEPLOYMENTS_TOO_MANY'));
    assert.equal((await registry.stage(pair, last)).stage, 'registered');
    await carryOut(pair, 1);
    await approve(pair, last);
    assert.equal((await toDeploy(pair)).at(-1), last);
  });
});
