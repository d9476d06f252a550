import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import type { Pair } from '#configs/pair.ts';
import { decide } from '#registry/reconcile.ts';
import {
  approvedVersion,
  deploymentOf,
  deploymentsOf,
  freshPair,
  historyOf,
  withRegistry,
} from '#test/support/registry.ts';

const CLIENTS = 50;
const DUE = '2026-02-01T00:00:00.000Z';
const NOW = '2026-02-01T00:00:10.000Z';

const stores = await withRegistry();

describe('deployments of a pair', () => {
  function promote(pair: Pair, deployment: number, now = NOW) {
    stores.clock.at = now;
    return stores.registry.promote({ pair, deployment, dueBy: now, commandId: randomUUID() });
  }

  it('have unique numbers: of 50 that ask for one number one gets it, the others are told the next', async () => {
    const { registry, objects } = stores;
    const pair = freshPair();
    await approvedVersion(registry, objects, pair);
    const answers = await Promise.allSettled(
      Array.from({ length: CLIENTS }, () => registry.schedule(deploymentOf(pair, 1, 1, DUE))),
    );
    assert.equal(answers.filter(({ status }) => status === 'fulfilled').length, 1);
    for (const one of answers) {
      if (one.status !== 'rejected') continue;
      assert.equal(one.reason.code, 'DEPLOYMENT_NUMBER_TAKEN');
      assert.equal(one.reason.details.next, 2);
    }
    assert.equal((await deploymentsOf(registry, pair)).length, 1);
  });

  it('are live one at a time: 50 clients promote 4 that are due, and the intervals touch without overlap', async () => {
    const { registry, objects } = stores;
    const pair = freshPair();
    const numbers = [1, 2, 3, 4];
    for (const number of numbers) {
      const version = await approvedVersion(registry, objects, pair);
      await registry.schedule(deploymentOf(pair, number, version, DUE));
    }
    await Promise.all(
      Array.from({ length: CLIENTS }, async () => {
        for (;;) {
          const [action] = decide(await registry.state(pair), NOW).steps;
          if (action?.kind !== 'promote') return;
          await promote(pair, action.deployment);
        }
      }),
    );
    const deployments = await deploymentsOf(registry, pair);
    assert.deepEqual(
      deployments.map(({ status }) => status),
      ['ended', 'ended', 'ended', 'live'],
    );
    const stages = (await registry.stages(pair)).items.map(({ stage }) => stage);
    assert.deepEqual(stages, ['live', 'archived', 'archived', 'archived']);
    const history = await historyOf(registry, pair);
    assert.deepEqual(
      history.map(({ deployment }) => deployment),
      numbers,
    );
    for (const [index, { live_until }] of history.entries()) {
      assert.equal(live_until, history[index + 1]?.live_from ?? null);
    }
    const outcomes = await Promise.all(deployments.map(registry.outcome));
    assert.deepEqual(
      outcomes.map(({ replaced }) => replaced),
      [null, 1, 2, 3],
    );
    const { items } = await registry.dossier(pair, { limit: 200 });
    const count = (kind: string): number => items.filter((entry) => entry.kind === kind).length;
    assert.deepEqual([count('deployment_promoted'), count('version_archived')], [4, 3]);
    assert.equal((await registry.verifyDossier(pair)).verified, true);
  });

  it('answer which version was live for every moment of a life with takeover, rollback, retirement and return', async () => {
    const { registry, objects } = stores;
    const pair = freshPair();
    await approvedVersion(registry, objects, pair);
    await approvedVersion(registry, objects, pair);
    const live: (readonly [second: number, version: number | undefined])[] = [];
    const at = (second: number): string => new Date(Date.parse(DUE) + second * 1_000).toISOString();
    const plan: readonly (readonly [second: number, version: number | 'retire'])[] = [
      [10, 1],
      [20, 2],
      [30, 1],
      [40, 'retire'],
      [50, 2],
    ];
    let number = 0;
    let version: number | undefined;
    for (const [second, what] of plan) {
      if (what === 'retire') {
        assert.ok(version);
        stores.clock.at = at(second);
        await registry.archiveVersion({
          pair,
          version,
          principal: 'oper',
          reason: 'product withdrawn',
          commandId: randomUUID(),
        });
        version = undefined;
      } else {
        number += 1;
        await registry.schedule(deploymentOf(pair, number, what, at(second)));
        assert.equal((await promote(pair, number, at(second - 1))).because, 'not_due');
        assert.equal((await promote(pair, number, at(second))).promoted, true);
        version = what;
      }
      live.push([second, version]);
    }
    for (let second = 0; second <= 60; second += 2.5) {
      const expected = live.findLast(([from]) => from <= second)?.[1];
      const found = await registry.liveAt(pair, at(second));
      assert.equal(found?.version, expected, `second ${second}`);
    }
    assert.equal((await registry.stage(pair, 1)).stage, 'archived');
    assert.equal((await registry.stage(pair, 2)).stage, 'live');
  });

  it('never share a moment, even when a clock stands still or runs back', async () => {
    const { registry, objects } = stores;
    const pair = freshPair();
    await approvedVersion(registry, objects, pair);
    await approvedVersion(registry, objects, pair);
    await registry.schedule(deploymentOf(pair, 1, 1, DUE));
    const first = await promote(pair, 1);
    await registry.schedule(deploymentOf(pair, 2, 2, DUE));
    const second = await promote(pair, 2, DUE);
    assert.equal(first.live_from, NOW);
    assert.equal(second.live_from, '2026-02-01T00:00:10.001Z');
    assert.equal((await registry.deployment(pair, 1)).live_until, second.live_from);
  });

  it('are promoted in the order of live_at: a later one waits for an earlier one that is due', async () => {
    const { registry, objects } = stores;
    const pair = freshPair();
    await approvedVersion(registry, objects, pair);
    await approvedVersion(registry, objects, pair);
    await registry.schedule(deploymentOf(pair, 1, 1, '2026-02-01T00:00:05Z'));
    await registry.schedule(deploymentOf(pair, 2, 2, DUE));
    assert.equal((await promote(pair, 1)).because, 'not_next');
    assert.equal((await promote(pair, 2)).promoted, true);
    assert.equal((await promote(pair, 1)).replaced, 2);
    assert.equal((await promote(pair, 2)).because, 'ended');
  });

  it('can be cancelled before they are live, which gives an approved version its stage back', async () => {
    const { registry, objects } = stores;
    const pair = freshPair();
    await approvedVersion(registry, objects, pair);
    await registry.schedule(deploymentOf(pair, 1, 1, DUE));
    await registry.schedule(deploymentOf(pair, 2, 1, DUE));
    const cancel = (deployment: number) =>
      registry.cancelDeployment({
        pair,
        deployment,
        principal: 'oper',
        reason: 'wrong cut-off',
        commandId: randomUUID(),
      });
    await cancel(1);
    assert.equal((await registry.stage(pair, 1)).stage, 'scheduled');
    await assert.rejects(
      registry.archiveVersion({
        pair,
        version: 1,
        principal: 'o',
        reason: 'r',
        commandId: randomUUID(),
      }),
      { code: 'DEPLOYMENT_STILL_SCHEDULED' },
    );
    await cancel(2);
    assert.equal((await registry.stage(pair, 1)).stage, 'approved');
    assert.equal((await promote(pair, 1)).because, 'cancelled');
    await assert.rejects(cancel(2), { code: 'DEPLOYMENT_NOT_SCHEDULED' });
  });

  it('of the live version with new terms replace the old one, and archive nothing', async () => {
    const { registry, objects } = stores;
    const pair = freshPair();
    await approvedVersion(registry, objects, pair);
    await registry.schedule(deploymentOf(pair, 1, 1, DUE));
    await promote(pair, 1);
    await registry.schedule({ ...deploymentOf(pair, 2, 1, DUE), schedule: '30 6 * * *' });
    assert.equal((await promote(pair, 2)).replaced, 1);
    const { live } = await registry.state(pair);
    assert.deepEqual([live?.deployment, live?.version, live?.schedule], [2, 1, '30 6 * * *']);
    assert.equal((await registry.stage(pair, 1)).stage, 'live');
  });
});
