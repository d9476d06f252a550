import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import type { Pair } from '#configs/pair.ts';
import type { Page, PageRequest } from '#platform/table/page.ts';
import { approvedVersion, deploymentOf, freshPair, withRegistry } from '#test/support/registry.ts';

const stores = await withRegistry();
const { registry, clock } = stores;
const START = Date.parse('2026-02-01T00:00:00.000Z');

/** What happens to a pair in each hour: a version goes live, or the live one is archived or left by a rollback. */
type Hour = number | 'archive' | 'roll back';

function at(hour: number): string {
  return new Date(START + hour * 3_600_000).toISOString();
}

async function lived(hours: readonly Hour[]): Promise<Pair> {
  const pair = freshPair();
  const versions = Math.max(1, ...hours.filter((hour) => typeof hour === 'number'));
  for (let version = 1; version <= versions; version += 1)
    await approvedVersion(registry, stores.objects, pair);
  for (const [hour, what] of hours.entries()) {
    clock.at = at(hour);
    await carryOut(pair, what);
  }
  clock.at = at(hours.length);
  return pair;
}

async function carryOut(pair: Pair, what: Hour): Promise<unknown> {
  const { live, last_deployment } = await registry.state(pair);
  const common = { pair, principal: 'oper', reason: 'as planned', commandId: randomUUID() };
  if (typeof what === 'number') {
    const deployment = last_deployment + 1;
    await registry.schedule(deploymentOf(pair, deployment, what, clock.at));
    return registry.promote({ pair, deployment, dueBy: clock.at, commandId: randomUUID() });
  }
  assert.ok(live);
  if (what === 'archive') return registry.archiveVersion({ ...common, version: live.version });
  return registry.rollBack({ ...common, fromDeployment: live.deployment });
}

async function walk<T>(read: (page: PageRequest) => Promise<Page<T>>, limit: number): Promise<T[]> {
  const all: T[] = [];
  for (let after: string | undefined; ;) {
    const { items, next } = await read({ limit, ...(after === undefined ? {} : { after }) });
    assert.ok(items.length <= limit);
    all.push(...items);
    if (next === undefined) return all;
    after = next;
  }
}

describe('the version that was live', () => {
  it('at a boundary is the new one, and none before the first, in a gap', async () => {
    const pair = await lived([1, 2, 'archive', 1]);
    const version = async (ms: number) =>
      (await registry.liveAt(pair, new Date(START + ms).toISOString()))?.version;
    const hour = 3_600_000;
    const instants = [-1, 0, hour - 1, hour, 2 * hour - 1, 2 * hour, 3 * hour - 1, 3 * hour, 99 * hour];
    assert.deepEqual(await Promise.all(instants.map(version)), [
      undefined,
      1,
      1,
      2,
      2,
      undefined,
      undefined,
      1,
      1,
    ]);
  });

  it('is listed page by page with the times of its deployment, oldest first', async () => {
    const pair = await lived([1, 2, 1, 'roll back', 'archive', 2]);
    const whole = await walk((page) => registry.history(pair, page), 200);
    for (const limit of [1, 2, 5])
      assert.deepEqual(await walk((page) => registry.history(pair, page), limit), whole);
    const deployments = await walk((page) => registry.deployments(pair, page), 2);
    assert.deepEqual(
      whole,
      deployments.map(({ deployment, version, live_from, live_until, ended_by }) => ({
        deployment,
        version,
        live_from,
        live_until: live_until ?? null,
        ...(ended_by === undefined ? {} : { ended_by }),
      })),
    );
    assert.deepEqual(
      whole.map(({ ended_by }) => ended_by),
      ['replaced', 'replaced', 'rolled_back', 'archived', undefined],
    );
  });

  it('is named by the outcome of the deployment that replaced it, and by no other', async () => {
    const pair = await lived([1, 2, 'archive', 1]);
    const { items } = await registry.deployments(pair);
    const outcomes = await Promise.all(items.map(registry.outcome));
    assert.deepEqual(
      outcomes.map(({ replaced }) => replaced),
      [null, 1, null],
    );
  });
});

describe('what is read of a pair', () => {
  /** Operations on the table, and how many items they read, by what was asked. */
  async function reads(hours: readonly Hour[]): Promise<Record<string, readonly string[]>> {
    const pair = await lived(hours);
    const { items } = await registry.deployments(pair, { limit: 1 });
    const { live } = await registry.state(pair);
    const newest = await registry.deployment(pair, live?.deployment ?? 0);
    const work: Record<string, () => Promise<unknown>> = {
      liveAt: () => registry.liveAt(pair, at(0)),
      history: () => registry.history(pair, { limit: 2 }),
      deployments: () => registry.deployments(pair, { limit: 2 }),
      rollbackTarget: () => registry.rollbackTarget(pair),
      outcomes: () => Promise.all([...items, newest].map(registry.outcome)),
      deletion: () => remove(pair, 3).catch((refusal: unknown) => refusal),
      rollback: () => carryOut(pair, 'roll back'),
    };
    const found: Record<string, readonly string[]> = {};
    for (const [name, ask] of Object.entries(work)) found[name] = await operations(ask);
    return found;
  }

  const remove = (pair: Pair, version: number) =>
    registry.deleteVersion({
      pair,
      version,
      principal: 'oper',
      reason: 'a trial',
      commandId: randomUUID(),
    });

  async function operations(ask: () => Promise<unknown>): Promise<readonly string[]> {
    const seen: string[] = [];
    const { middlewareStack: stack } = stores.table.client;
    stack.add(
      (next, { commandName = '' }) =>
        async (args) => {
          const answer = await next(args);
          const { Items } = answer.output as { readonly Items?: readonly unknown[] };
          seen.push(Items === undefined ? commandName : `${commandName} ${Items.length}`);
          return answer;
        },
      { step: 'build', name: 'seen' },
    );
    try {
      await ask();
    } finally {
      stack.remove('seen');
    }
    return seen.toSorted();
  }

  it('takes the same requests and items after 40 deployments as after four', async () => {
    const few = await reads([3, 1, 2, 1]);
    const many = await reads([3, ...Array.from({ length: 20 }, () => [1, 2] as const).flat(), 1]);
    assert.deepEqual(many, few);
    assert.deepEqual(few['history'], ['QueryCommand 2']);
  });
});

describe('the versions that a rollback leads to by itself', () => {
  const cases: readonly (readonly [string, readonly Hour[], readonly number[]])[] = [
    ['are none of a pair that was never live', [], []],
    ['are none beside the only version', [1], []],
    ['are none beside new terms of the only version', [1, 1], []],
    ['are none while nothing is live', [1, 2, 'archive'], []],
    ['start with the one before', [1, 2], [1]],
    ['go back in time, each version once', [1, 2, 1, 3], [1, 2]],
    ['go back from new terms of the live version too', [1, 2, 2], [1]],
    ['leave out one that was archived out of live', [1, 2, 'archive', 3], [1]],
    ['leave out one that a rollback left', [1, 2, 'roll back'], []],
    ['hold one again that went live after it was taken out, and was replaced', [1, 'archive', 1, 2], [1]],
    [
      'hold one again that went live after a rollback left it, and was replaced',
      [1, 2, 'roll back', 2, 3],
      [2, 1],
    ],
  ];
  for (const [name, hours, versions] of cases)
    it(name, async () => {
      const pair = await lived(hours);
      const found: number[] = [];
      for (let version = await registry.rollbackTarget(pair); version !== undefined;) {
        found.push(version);
        const ban = { pair, version, principal: 'oper', reason: 'wrong labels', commandId: randomUUID() };
        await registry.withdrawVersion(ban);
        version = await registry.rollbackTarget(pair);
      }
      assert.deepEqual(found, versions);
    });
});
