import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import type { Pair } from '#configs/pair.ts';
import type { MillraceError } from '#errors/millrace-error.ts';
import type { ScheduleDeployment } from '#registry/commands/schedule-deployment.ts';
import {
  approvedVersion,
  deploymentOf,
  deploymentsOf,
  freshPair,
  withRegistry,
} from '#test/support/registry.ts';

const { registry, objects } = await withRegistry();
const MIDNIGHT = '2026-02-02T00:00:00.000Z';
const SOON = '2026-02-01T12:00:00.000Z';

/** Versions 1 and 2, both approved; a lifecycle has scheduled version 1 as deployment 1. */
async function oneScheduled(): Promise<Pair> {
  const pair = freshPair();
  for (const _ of [1, 2]) await approvedVersion(registry, objects, pair);
  await registry.schedule(deploymentOf(pair, 1, 1, MIDNIGHT));
  return pair;
}

function byHand(
  pair: Pair,
  version: number,
  says: { readonly replaces?: number; readonly beside?: boolean } = {},
  more: Partial<ScheduleDeployment> = {},
) {
  const { deployment: _reserved, ...terms } = deploymentOf(pair, 1, version, SOON);
  const { replaces, beside = false } = says;
  return registry.schedule({ ...terms, byHand: { replaces, beside }, ...more });
}

describe('a deployment by hand', () => {
  it('takes the next number when nothing is scheduled', async () => {
    const pair = freshPair();
    await approvedVersion(registry, objects, pair);
    const { deployment, status } = await byHand(pair, 1);
    assert.deepEqual([deployment, status], [1, 'scheduled']);
  });

  it('is refused while another one is scheduled, which it names', async () => {
    const pair = await oneScheduled();
    await assert.rejects(byHand(pair, 2), (error: MillraceError) => {
      assert.equal(error.code, 'DEPLOYMENT_ALREADY_SCHEDULED');
      assert.match(error.message, /Deployment 1 of version 1 .* 2026-02-02T00:00:00.000Z/);
      assert.deepEqual(error.details['scheduled'], [{ deployment: 1, version: 1, live_at: MIDNIGHT }]);
      return true;
    });
    const otherTerms = byHand(pair, 1, {}, { schedule: '0 6 * * *' });
    await assert.rejects(otherTerms, { code: 'DEPLOYMENT_ALREADY_SCHEDULED' });
    assert.equal((await registry.stage(pair, 2)).stage, 'approved');
  });

  it('cancels the one it replaces in the same step, and gives that version its stage back', async () => {
    const pair = await oneScheduled();
    const { seq } = await registry.state(pair);
    const { deployment } = await byHand(pair, 2, { replaces: 1 });
    const state = await registry.state(pair);
    assert.equal(state.seq, seq + 1);
    assert.deepEqual(state.scheduled, [{ deployment, version: 2, live_at: SOON }]);
    assert.equal((await registry.deployment(pair, 1)).status, 'cancelled');
    assert.equal((await registry.stage(pair, 1)).stage, 'approved');
    assert.equal((await registry.stage(pair, 2)).stage, 'scheduled');
    const { items } = await registry.dossier(pair, { limit: 200 });
    assert.deepEqual(
      items.slice(-2).map(({ kind, principal }) => [kind, principal]),
      [
        ['deployment_cancelled', 'oper'],
        ['deployment_scheduled', 'oper'],
      ],
    );
  });

  it('replaces a deployment of the same version, which stays scheduled', async () => {
    const pair = await oneScheduled();
    await byHand(pair, 1, { replaces: 1 });
    assert.equal((await registry.stage(pair, 1)).stage, 'scheduled');
    assert.equal((await registry.state(pair)).scheduled.length, 1);
  });

  it('keeps the others beside it when asked to', async () => {
    const pair = await oneScheduled();
    await byHand(pair, 2, { beside: true });
    assert.deepEqual(
      (await registry.state(pair)).scheduled.map(({ deployment }) => deployment),
      [2, 1],
    );
  });

  it('asks about each one that is left: replacing one of two is refused without beside', async () => {
    const pair = await oneScheduled();
    await byHand(pair, 2, { beside: true });
    const later = { liveAt: '2026-02-03T00:00:00.000Z', schedule: '0 6 * * *' };
    await assert.rejects(byHand(pair, 2, { replaces: 1 }, later), { code: 'DEPLOYMENT_ALREADY_SCHEDULED' });
    await byHand(pair, 2, { replaces: 1, beside: true }, later);
    assert.deepEqual(
      (await registry.state(pair)).scheduled.map(({ deployment }) => deployment),
      [2, 3],
    );
  });

  it('is refused when what it replaces is not scheduled', async () => {
    const pair = await oneScheduled();
    await assert.rejects(byHand(pair, 2, { replaces: 7 }), { code: 'DEPLOYMENT_NOT_SCHEDULED' });
  });

  it('is one deployment when the same request comes twice, with or without a key', async () => {
    const pair = await oneScheduled();
    const first = await byHand(pair, 2, { beside: true });
    assert.deepEqual(await byHand(pair, 2, { beside: true }), first);
    const key = { commandId: `oper/${randomUUID()}` };
    assert.deepEqual(await byHand(pair, 2, {}, key), first);
    await registry.promote({ pair, deployment: first.deployment, dueBy: SOON, commandId: 'promote' });
    assert.deepEqual(await byHand(pair, 2, {}, key), first, 'also after it went live');
    await assert.rejects(byHand(pair, 1, {}, key), { code: 'COMMAND_ID_REUSED' });
  });

  it('does not take an earlier deployment on the same terms for the one that replaces another', async () => {
    const pair = await oneScheduled();
    await byHand(pair, 2, { beside: true });
    await assert.rejects(byHand(pair, 2, { replaces: 1 }), { code: 'DEPLOYMENT_ALREADY_SCHEDULED' });
    const { deployment } = await byHand(pair, 2, { replaces: 2, beside: true });
    assert.deepEqual(
      (await registry.state(pair)).scheduled.map((one) => one.deployment),
      [deployment, 1],
    );
  });

  it('is one deployment when the same request comes ten times at once', async () => {
    const pair = await oneScheduled();
    const all = await Promise.all(Array.from({ length: 10 }, () => byHand(pair, 2, { replaces: 1 })));
    assert.equal(new Set(all.map(({ deployment }) => deployment)).size, 1);
    assert.equal((await deploymentsOf(registry, pair)).length, 2);
  });
});
