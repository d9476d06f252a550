import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Role } from '#access/principal.ts';
import { dagSpec, dagSpecKey } from '#airflow/dag-spec.ts';
import { createDagSpecStore } from '#airflow/store.ts';
import { applyConfigs, FILES } from './fixtures/configs.ts';
import { runningApp, type RunningApp } from './running-app.ts';

const WANTED = {
  scheduler: 'airflow',
  schedule: '0 5 * * *',
  timezone: 'UTC',
  start: '2026-02-01T00:00:00.000Z',
} as const;
const [shop = { path: '', text: '' }, sql = { path: '', text: '' }] = FILES;
const buysModel = shop.text.split('---').at(-1) ?? '';
const model = (name: string, owner: string, mark: string) =>
  buysModel.replace('name: buys', `name: ${name}`).replace('owner: shop', `owner: ${owner}\n${mark}`);

let running: RunningApp;
const keys = new Map<string, string>();
before(async () => {
  running = await runningApp();
  const { table, objects } = running.deps;
  const text = [shop.text, model('open', 'bank', 'read: open'), model('secret', 'bank', 'read: team')].join(
    '---',
  );
  await applyConfigs(table, objects, [{ path: 'shop.yaml', text }, sql]);
  const store = createDagSpecStore(objects);
  for (const name of ['buys', 'open', 'secret', 'unowned'])
    await store.write(pair(name), dagSpec(pair(name), WANTED));
  for (const team of ['shop', 'bank'])
    for (const role of ['scheduler', 'viewer'] as const) {
      const key = await running.keys.create({
        name: `${role}-${team}`,
        roles: [role],
        teams: [team],
        createdBy: 'test',
      });
      keys.set(`${role} ${team}`, key.text);
    }
});
after(() => running[Symbol.asyncDispose]());

function pair(name: string) {
  return { model: name, feature_set: 'habits' };
}

async function ask(who: string, etag?: string, url = '/v1/dag-specs') {
  const authorization = `Bearer ${keys.get(who) ?? running.keyOf[who as Role]}`;
  const headers = { authorization, ...(etag !== undefined && { 'if-none-match': etag }) };
  const answer = await running.app.inject({ url, headers });
  const { specs = [], invalid = [], code } = answer.statusCode === 304 ? {} : answer.json();
  const models = (specs as { model: string }[]).map((spec) => spec.model);
  return { status: answer.statusCode, models, invalid, code, etag: String(answer.headers.etag) };
}

test('shows the specs of marked pairs to their team and admins alone, each view with an ETag of its own', async () => {
  const bank = await ask('scheduler bank');
  const outside = await ask('scheduler shop');
  assert.deepEqual(bank.models, ['buys', 'open', 'secret', 'unowned']);
  assert.deepEqual(outside.models, ['buys', 'open', 'unowned']);
  assert.deepEqual((await ask('viewer shop')).models, outside.models);
  assert.deepEqual((await ask('admin')).models, bank.models);
  assert.notEqual(outside.etag, bank.etag);
  assert.equal((await ask('scheduler bank', bank.etag)).status, 304);
  assert.equal((await ask('scheduler shop', outside.etag)).status, 304);
  assert.deepEqual(
    (await ask('scheduler shop', bank.etag)).models,
    outside.models,
    'not the view of another team',
  );
  const one = (who: string) => ask(who, undefined, '/v1/pairs/secret/habits/dag-spec');
  assert.equal((await one('scheduler bank')).status, 200);
  assert.deepEqual(
    [(await one('scheduler shop')).status, (await one('scheduler shop')).code],
    [403, 'TEAM_NOT_ALLOWED'],
  );
});

test('does not tell other teams that a marked spec changed, or broke', async () => {
  const { objects } = running.deps;
  const [outside, bank] = [await ask('scheduler shop'), await ask('scheduler bank')];
  await createDagSpecStore(objects).write(
    pair('secret'),
    dagSpec(pair('secret'), { ...WANTED, schedule: '0 6 * * *' }),
  );
  assert.equal((await ask('scheduler shop', outside.etag)).status, 304);
  assert.equal((await ask('scheduler bank', bank.etag)).status, 200);
  await objects.put(dagSpecKey(pair('secret')), '{}');
  assert.equal((await ask('scheduler shop', outside.etag)).status, 304);
  assert.deepEqual((await ask('scheduler shop')).invalid, []);
  assert.deepEqual((await ask('scheduler bank')).invalid, [dagSpecKey(pair('secret'))]);
  await createDagSpecStore(objects).write(pair('secret'), dagSpec(pair('secret'), WANTED));
});

test('where every document is restricted, shows each team its own, and what nobody owns to admins', async () => {
  const { table, objects } = running.deps;
  const before = await ask('scheduler shop');
  await applyConfigs(table, objects, [
    { path: 'platform.yaml', text: 'kind: Platform\naccess: { read: team }\n' },
  ]);
  // Reads follow a new mark within a second.
  const deadline = Date.now() + 10_000;
  while ((await ask('scheduler shop', before.etag)).status === 304 && Date.now() < deadline) await sleep(50);
  assert.deepEqual((await ask('scheduler shop')).models, ['buys']);
  // Its set is restricted, so a pair that says `open` is restricted too.
  assert.deepEqual((await ask('scheduler bank')).models, ['open', 'secret']);
  assert.deepEqual((await ask('admin')).models, ['buys', 'open', 'secret', 'unowned']);
});
