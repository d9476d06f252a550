import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyFiles, removalOf } from '#api/services/apply-files.ts';
import type { Principal } from '#access/principal.ts';
import { authorsOf } from '#catalog/authors.ts';
import { createConfigStore } from '#catalog/config-store.ts';
import type { ConfigFile } from '#configs/load.ts';
import { hasCode } from '#errors/cause.ts';
import { createPartitionStore } from '#features/partitions/partition-store.ts';
import { planFiles } from '#plan/plan-files.ts';
import { createRegistry } from '#registry/registry.ts';
import type { ErrorCode } from '#errors/catalogue.ts';
import { approval, trainedVersion } from '#test/support/registry.ts';
import { freshStores } from '#test/support/stores.ts';
import { applyConfigs, FILES, PAIR } from './fixtures/configs.ts';

const NOTHING = [{ path: 'nothing.sql', text: '' }];
const ALL = ['FeatureSet/habits', 'Model/buys', 'Source/visits'];
const ada: Principal = { name: 'ada', roles: ['scientist'], teams: ['shop'] };
const outsider: Principal = { name: 'olga', roles: ['scientist'], teams: ['data'] };
const admin: Principal = { name: 'adam', roles: ['admin'], teams: [] };

const isCode =
  (code: ErrorCode, text = /./) =>
  (error: unknown) =>
    hasCode(error, code) && error instanceof Error && text.test(error.message);

/** The configs of one model, applied, in stores of their own. */
async function applied() {
  const stores = await freshStores();
  const { table, objects } = stores;
  await applyConfigs(table, objects);
  const configs = createConfigStore(table, objects);
  const registry = createRegistry(table, objects);
  const deps = {
    configs,
    registry,
    partitions: createPartitionStore(table, objects),
    now: () => new Date('2026-11-24T00:00:00.000Z'),
  };
  const plan = (who: Principal, files: readonly ConfigFile[], removal: Asked) =>
    planFiles(deps, files, removalOf(who, removal));
  const apply = (who: Principal, files: readonly ConfigFile[], removal: Asked, plan_digest: string) =>
    applyFiles(deps, who, { files, ...removal, plan_digest });
  return {
    configs,
    registry,
    objects,
    plan,
    apply,
    async change(who: Principal, files: readonly ConfigFile[], removal: Asked) {
      const { plan_digest } = await plan(who, files, removal);
      return apply(who, files, removal, plan_digest);
    },
    keys: async () => [...(await configs.current()).digests.keys()].toSorted(),
    [Symbol.asyncDispose]: () => stores[Symbol.asyncDispose](),
  };
}

interface Asked {
  readonly remove?: readonly string[];
  readonly prune?: boolean;
}

test('removes documents in a revision that names them, and whoever removed one is an author of what follows', async () => {
  await using life = await applied();
  const before = await life.configs.current();
  const plan = await life.plan(ada, NOTHING, { remove: ALL });
  assert.deepEqual(plan.documents.removed, ALL);
  const rita: Principal = { ...ada, name: 'rita' };
  assert.deepEqual((await life.change(rita, NOTHING, { remove: ['Model/buys'] })).removed, ['Model/buys']);
  assert.deepEqual(await life.keys(), ['FeatureSet/habits', 'Source/visits']);
  const {
    items: [revision],
  } = await life.configs.revisions();
  assert.deepEqual([revision?.changed, revision?.removed], [['Model/buys'], ['Model/buys']]);
  // A run that was started before still finds its documents.
  assert.ok((await life.configs.at(before.base_digest)).configs.models.has('buys'));

  await life.change(ada, FILES, {});
  const now = await life.configs.current();
  assert.deepEqual(await authorsOf(life.configs, PAIR, now, null), ['ada', 'rita']);
  assert.deepEqual(await authorsOf(life.configs, PAIR, now, before), ['ada', 'rita']);
});

test('refuses to remove what a remaining document reads, and removes all of them together', async () => {
  await using life = await applied();
  const readers = isCode(
    'CONFIG_IN_USE',
    /^Source\/visits cannot be removed: FeatureSet\/habits reads it\. 1 more/,
  );
  await assert.rejects(life.plan(ada, NOTHING, { remove: ['Source/visits'] }), readers);
  await assert.rejects(
    life.plan(ada, FILES, { remove: ['FeatureSet/habits'] }),
    isCode('REQUEST_INVALID', /the files declare it/),
  );
  await assert.rejects(life.plan(ada, NOTHING, { remove: ['Model/nothing'] }), isCode('CONFIG_NOT_FOUND'));
  await life.change(ada, NOTHING, { remove: ALL });
  assert.deepEqual(await life.keys(), []);
});

test('refuses to remove what a version was made from while it waits or is in use', async () => {
  await using life = await applied();
  const { registry, objects } = life;
  const { base_digest: configs } = await life.configs.current();
  const { version } = await registry.registerVersion(await trainedVersion(objects, PAIR, { configs }));
  const refused = async (why: RegExp) => {
    for (const remove of [['Model/buys'], ALL])
      await assert.rejects(life.plan(ada, NOTHING, { remove }), isCode('CONFIG_IN_USE', why));
  };
  await refused(/version 1 of buys\/habits was made from it and waits for approval/);
  await registry.judge(await approval(registry, PAIR, version));
  await refused(/is approved and waits for deployment/);
  const at = new Date(Date.now() + 3_600_000).toISOString();
  await registry.schedule({
    pair: PAIR,
    version,
    principal: 'ada',
    liveAt: at,
    scheduler: 'temporal',
    schedule: '0 5 * * *',
    timezone: 'UTC',
    commandId: 'deploy',
  });
  await refused(/is scheduled/);
});

test('a rejected version needs nothing, and neither plan nor apply refuses the removal', async () => {
  await using life = await applied();
  const { registry, objects } = life;
  const { base_digest: configs } = await life.configs.current();
  const { version } = await registry.registerVersion(await trainedVersion(objects, PAIR, { configs }));
  await registry.judge({ ...(await approval(registry, PAIR, version)), verdict: 'reject' });
  const { plan_digest } = await life.plan(ada, NOTHING, { remove: ALL });
  assert.deepEqual((await life.apply(ada, NOTHING, { remove: ALL }, plan_digest)).removed, ALL);
});

test('a version registered after the plan keeps its documents from being removed', async () => {
  await using life = await applied();
  const { registry, objects } = life;
  const { base_digest: configs } = await life.configs.current();
  const { plan_digest } = await life.plan(ada, NOTHING, { remove: ALL });
  await registry.registerVersion(await trainedVersion(objects, PAIR, { configs }));
  await assert.rejects(life.apply(ada, NOTHING, { remove: ALL }, plan_digest), isCode('CONFIG_IN_USE'));
  assert.deepEqual(await life.keys(), ALL);
});

test('prunes only documents of the caller’s teams, and none that came after the plan', async () => {
  await using life = await applied();
  const [yaml = { path: '', text: '' }] = FILES;
  const source = (yaml.text.split('---')[0] ?? '').replaceAll('visits', 'calls');
  const other = [{ path: 'calls.yaml', text: source.replace('owner: shop', 'owner: data') }];
  await life.change(outsider, other, {});
  assert.deepEqual((await life.plan(outsider, other, { prune: true })).documents.removed, []);
  assert.deepEqual((await life.plan(admin, other, { prune: true })).documents.removed, []);
  const { plan_digest, documents } = await life.plan(ada, NOTHING, { prune: true });
  assert.deepEqual(documents.removed, ALL);
  const later = [{ path: 'later.yaml', text: source.replaceAll('calls', 'later') }];
  await life.change(ada, later, {});
  await life.apply(ada, NOTHING, { prune: true }, plan_digest);
  assert.deepEqual(await life.keys(), ['Source/calls', 'Source/later']);
});

test('removes only for the teams that own the documents, and rules only for an admin', async () => {
  await using life = await applied();
  const platform = [{ path: 'platform.yaml', text: 'kind: Platform\n' }];
  await life.change(admin, platform, {});
  for (const [remove, code] of [
    [ALL, 'TEAM_NOT_ALLOWED'],
    [['Platform/platform'], 'FORBIDDEN'],
  ] as const) {
    const { plan_digest } = await life.plan(outsider, NOTHING, { remove });
    await assert.rejects(life.apply(outsider, NOTHING, { remove }, plan_digest), isCode(code));
  }
  const remove = [...ALL, 'Platform/platform'];
  await life.change(admin, NOTHING, { remove });
  assert.deepEqual(await life.keys(), []);
});
