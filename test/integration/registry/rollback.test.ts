import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import type { Pair } from '#configs/pair.ts';
import type { MillraceError } from '#errors/millrace-error.ts';
import type { RollBack } from '#registry/commands/roll-back.ts';
import {
  approvedVersion,
  deploymentOf,
  deploymentsOf,
  freshPair,
  historyOf,
  withRegistry,
} from '#test/support/registry.ts';

const stores = await withRegistry();
const { registry, clock } = stores;
const START = Date.parse('2026-02-01T00:00:00.000Z');

/** A pair with versions 1, 2 … live one after the other, an hour apart, each by the deployment of its number. */
async function livedThrough(versions: number): Promise<Pair> {
  const pair = freshPair();
  for (let number = 1; number <= versions; number += 1) {
    await approvedVersion(registry, stores.objects, pair);
    await goLive(pair, number, number, at(number));
  }
  clock.at = at(versions + 1);
  return pair;
}

async function goLive(pair: Pair, deployment: number, version: number, when: string): Promise<void> {
  clock.at = when;
  await registry.schedule(deploymentOf(pair, deployment, version, when));
  await registry.promote({ pair, deployment, dueBy: when, commandId: `promote/${deployment}` });
}

function at(hour: number): string {
  return new Date(START + hour * 3_600_000).toISOString();
}

function rollBack(pair: Pair, fromDeployment: number, more: Partial<RollBack> = {}) {
  const commandId = randomUUID();
  return registry.rollBack({ pair, fromDeployment, principal: 'oper', reason: 'bad', commandId, ...more });
}

function archive(pair: Pair, version: number) {
  return registry.archiveVersion({
    pair,
    version,
    principal: 'oper',
    reason: 'bad',
    commandId: randomUUID(),
  });
}

function withdraw(pair: Pair, version: number) {
  return registry.withdrawVersion({
    pair,
    version,
    principal: 'oper',
    reason: 'wrong labels',
    commandId: randomUUID(),
  });
}

const liveVersion = async (pair: Pair) => (await registry.state(pair)).live?.version;

describe('a rollback', () => {
  it('makes the version before live at once, in one step with what it leaves', async () => {
    const pair = await livedThrough(2);
    const done = await rollBack(pair, 2);
    assert.deepEqual(done, {
      ...pair,
      deployment: 3,
      version: 1,
      live_from: at(3),
      replaced: 2,
      left_version: 2,
      cancelled: [],
    });
    const [, left, live] = await deploymentsOf(registry, pair);
    assert.deepEqual([left?.status, left?.live_until, left?.ended_by], ['ended', at(3), 'rolled_back']);
    assert.deepEqual([live?.status, live?.live_from, live?.schedule], ['live', at(3), '0 5 * * *']);
    assert.equal((await registry.stage(pair, 1)).stage, 'live');
    assert.equal((await registry.stage(pair, 2)).stage, 'archived');
    const { items } = await registry.dossier(pair, { limit: 200 });
    const { kind, principal, facts } = items.at(-1) ?? assert.fail();
    assert.deepEqual([kind, principal, facts['reason']], ['rolled_back', 'oper', 'bad']);
    assert.equal((await registry.verifyDossier(pair)).verified, true);
  });

  it('gives its first result when its key comes again, also after other changes, and moves nothing', async () => {
    const pair = await livedThrough(2);
    const command = { commandId: 'oper/incident-1' };
    const first = await rollBack(pair, 2, command);
    assert.deepEqual(await rollBack(pair, 2, command), first);
    assert.equal(await liveVersion(pair), 1);
    await approvedVersion(registry, stores.objects, pair);
    await goLive(pair, 4, 3, at(5));
    assert.deepEqual(await rollBack(pair, 2, command), first);
    assert.equal(await liveVersion(pair), 3);
    await assert.rejects(rollBack(pair, 4, command), { code: 'COMMAND_ID_REUSED' });
  });

  it('is refused when another deployment is live, which it names', async () => {
    const pair = await livedThrough(2);
    await rollBack(pair, 2);
    const { live } = await registry.state(pair);
    await assert.rejects(rollBack(pair, 2), (error: MillraceError) => {
      assert.equal(error.code, 'DEPLOYMENT_MOVED');
      assert.deepEqual(error.details, { from_deployment: 2, live });
      return true;
    });
    assert.equal(await liveVersion(pair), 1);
  });

  it('is refused when nothing is live', async () => {
    const pair = await livedThrough(2);
    await archive(pair, 2);
    await assert.rejects(rollBack(pair, 2), { code: 'DEPLOYMENT_MOVED' });
  });

  it('is refused while a due deployment is about to go live', async () => {
    const pair = await livedThrough(2);
    await approvedVersion(registry, stores.objects, pair);
    await registry.schedule(deploymentOf(pair, 3, 3, clock.at));
    await assert.rejects(rollBack(pair, 2), { code: 'DEPLOYMENT_MOVED' });
    assert.equal(await liveVersion(pair), 2);
  });

  it('keeps deployments that are due later, but cancels those of the version that it leaves', async () => {
    const pair = await livedThrough(2);
    await approvedVersion(registry, stores.objects, pair);
    await registry.schedule(deploymentOf(pair, 3, 3, at(20)));
    await registry.schedule(deploymentOf(pair, 4, 2, at(21)));
    const { cancelled } = await rollBack(pair, 2);
    assert.deepEqual(cancelled, [4]);
    assert.equal((await registry.deployment(pair, 4)).status, 'cancelled');
    assert.deepEqual(
      (await registry.state(pair)).scheduled.map(({ deployment }) => deployment),
      [3],
    );
  });

  it('never leads to a version that somebody archived out of live, named or not', async () => {
    const pair = await livedThrough(2);
    await archive(pair, 2);
    await approvedVersion(registry, stores.objects, pair);
    await goLive(pair, 3, 3, at(5));
    assert.equal(await registry.rollbackTarget(pair), 1);
    await assert.rejects(rollBack(pair, 3, { toVersion: 2 }), { code: 'ROLLBACK_TARGET_TAKEN_OUT' });
    assert.equal((await rollBack(pair, 3)).version, 1);
  });

  it('never leads to a withdrawn version, named or not', async () => {
    const pair = await livedThrough(3);
    await withdraw(pair, 2);
    assert.equal(await registry.rollbackTarget(pair), 1);
    await assert.rejects(rollBack(pair, 3, { toVersion: 2 }), { code: 'VERSION_WITHDRAWN' });
    assert.equal((await rollBack(pair, 3)).version, 1);
  });

  it('does not return by itself to the version that a rollback left, but does when it is named', async () => {
    const pair = await livedThrough(2);
    await rollBack(pair, 2);
    assert.equal(await registry.rollbackTarget(pair), undefined);
    await assert.rejects(rollBack(pair, 3), { code: 'ROLLBACK_TARGET_MISSING' });
    assert.equal((await rollBack(pair, 3, { toVersion: 2 })).version, 2);
  });

  it('is refused without a target: to the live version, a version that was never live, or an unknown pair', async () => {
    const pair = await livedThrough(2);
    await approvedVersion(registry, stores.objects, pair);
    for (const toVersion of [2, 3, 99])
      await assert.rejects(rollBack(pair, 2, { toVersion }), { code: 'ROLLBACK_TARGET_MISSING' });
    await assert.rejects(rollBack(freshPair(), 1), { code: 'PAIR_NOT_FOUND' });
    assert.equal(await liveVersion(pair), 2);
  });

  it('wins or loses a race as a whole: of 20 rollbacks at once one counts', async () => {
    const pair = await livedThrough(3);
    const answers = await Promise.allSettled(Array.from({ length: 20 }, () => rollBack(pair, 3)));
    const done = answers.filter(({ status }) => status === 'fulfilled');
    assert.equal(done.length, 1);
    for (const one of answers)
      if (one.status === 'rejected') assert.equal(one.reason.code, 'DEPLOYMENT_MOVED');
    assert.equal(await liveVersion(pair), 2);
  });

  it('and a promotion at the same moment leave the right version live, whoever is first', async () => {
    const outcomes = new Set<string>();
    for (let round = 0; round < 12; round += 1) {
      const pair = await livedThrough(2);
      await approvedVersion(registry, stores.objects, pair);
      // Due for the promotion's caller, and in half of the rounds by the registry's clock too.
      const due = round % 2 === 0 ? at(3) : at(4);
      await registry.schedule(deploymentOf(pair, 3, 3, due));
      const [rollback, promotion] = await Promise.allSettled([
        rollBack(pair, 2),
        registry.promote({ pair, deployment: 3, dueBy: due, commandId: 'promote/3' }),
      ]);
      assert.ok(promotion.status === 'fulfilled' && promotion.value.promoted);
      const history = (await historyOf(registry, pair)).map(({ version }) => version);
      if (rollback.status === 'fulfilled') assert.deepEqual(history, [1, 2, 1, 3]);
      else {
        assert.equal(rollback.reason.code, 'DEPLOYMENT_MOVED');
        assert.deepEqual(history, [1, 2, 3]);
      }
      assert.equal(await liveVersion(pair), 3);
      if (due === clock.at) assert.equal(rollback.status, 'rejected');
      outcomes.add(rollback.status);
      assert.equal((await registry.verifyDossier(pair)).verified, true);
    }
    assert.ok(outcomes.has('rejected'));
  });

  it('and an archive of the live version at the same moment exclude each other', async () => {
    for (let round = 0; round < 8; round += 1) {
      const pair = await livedThrough(2);
      const [rollback, archived] = await Promise.allSettled([rollBack(pair, 2), archive(pair, 2)]);
      const won = [rollback, archived].filter(({ status }) => status === 'fulfilled');
      assert.equal(won.length, 1);
      if (rollback.status === 'rejected') assert.equal(rollback.reason.code, 'DEPLOYMENT_MOVED');
      if (archived.status === 'rejected') assert.equal(archived.reason.code, 'STAGE_MOVE_NOT_ALLOWED');
      assert.equal(await liveVersion(pair), rollback.status === 'fulfilled' ? 1 : undefined);
    }
  });
});

describe('a withdrawal', () => {
  it('takes a live version out and cancels its scheduled deployments, in one step', async () => {
    const pair = await livedThrough(2);
    await registry.schedule(deploymentOf(pair, 3, 2, at(20)));
    await registry.schedule(deploymentOf(pair, 4, 1, at(21)));
    const { seq } = await registry.state(pair);
    const stage = await withdraw(pair, 2);
    assert.deepEqual([stage.stage, stage.cancelled], ['withdrawn', [3]]);
    const state = await registry.state(pair);
    assert.equal(state.seq, seq + 1);
    assert.equal(state.live, null);
    assert.deepEqual(
      state.scheduled.map(({ deployment }) => deployment),
      [4],
    );
    assert.equal((await registry.deployment(pair, 2)).ended_by, 'withdrawn');
    const { withdrawal } = await registry.stage(pair, 2);
    assert.deepEqual(withdrawal, { principal: 'oper', reason: 'wrong labels', at: at(3) });
    const found = await registry.search({ stage: 'withdrawn', model: pair.model });
    assert.deepEqual(
      found.items.map(({ version }) => version),
      [2],
    );
  });

  it('is final from every stage but rejected', async () => {
    const pair = await livedThrough(1);
    for (let version = 2; version <= 4; version += 1) await approvedVersion(registry, stores.objects, pair);
    await registry.schedule(deploymentOf(pair, 2, 2, at(20)));
    await archive(pair, 3);
    for (const version of [1, 2, 3, 4]) {
      await withdraw(pair, version);
      await assert.rejects(withdraw(pair, version), { code: 'STAGE_MOVE_NOT_ALLOWED' });
      await assert.rejects(archive(pair, version), { code: 'STAGE_MOVE_NOT_ALLOWED' });
      const deploy = registry.schedule(deploymentOf(pair, 10 + version, version, at(30)));
      await assert.rejects(deploy, { code: 'VERSION_WITHDRAWN' });
    }
    assert.deepEqual((await registry.state(pair)).scheduled, []);
  });

  it('needs a reason', async () => {
    const pair = await livedThrough(1);
    const blank = { pair, version: 1, principal: 'oper', reason: ' ', commandId: randomUUID() };
    await assert.rejects(registry.withdrawVersion(blank), { code: 'REASON_MISSING' });
    assert.equal(await liveVersion(pair), 1);
  });
});
