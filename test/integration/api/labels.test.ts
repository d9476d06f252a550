import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { InjectOptions } from 'fastify';
import { createRegistry, type Registry } from '#registry/registry.ts';
import { cardFiles } from '#test/support/cards.ts';
import { approvedVersion, deploymentOf, trainedVersion } from '#test/support/registry.ts';
import { applyConfigs } from './fixtures/configs.ts';
import { runningApp, type RunningApp } from './running-app.ts';

const pair = { model: 'miss_risk', feature_set: 'behaviour' };
const base = '/v1/pairs/miss_risk/behaviour';
const tagsUrl = `${base}/versions/1/tags`;
const DUE = '2026-02-01T00:00:00.000Z';

let running: RunningApp;
let registry: Registry;
before(async () => {
  running = await runningApp();
  const { table, objects } = running.deps;
  await applyConfigs(table, objects, cardFiles());
  registry = createRegistry(table, objects, { now: () => new Date(DUE) });
  await approvedVersion(registry, objects, pair);
  await registry.registerVersion(await trainedVersion(objects, pair));
});
after(() => running[Symbol.asyncDispose]());

async function ask(
  method: 'GET' | 'PUT' | 'PATCH' | 'DELETE',
  url: string,
  payload?: InjectOptions['payload'] & object,
  headers: Record<string, string> = {},
) {
  const asked = { method, url, headers, ...(payload === undefined ? {} : { payload }) };
  const answer = await running.ask('scientist', asked);
  const { headers: answered, statusCode: status } = answer;
  return { status, body: answer.json(), etag: String(answered.etag) };
}

const dossier = async () => (await registry.dossier(pair, { limit: 200 })).items;

test('sets, merges, replaces and clears the tags of a version by ETag', async () => {
  const none = await ask('GET', tagsUrl);
  assert.deepEqual(none.body, { tags: {} });
  const set = await ask('PATCH', tagsUrl, { tags: { team: 'cards', region: 'uk' } });
  assert.deepEqual(set.body, { tags: { team: 'cards', region: 'uk' } });
  assert.equal((await ask('GET', tagsUrl)).etag, set.etag);
  const merged = await ask('PATCH', tagsUrl, { tags: { region: null, season: 'autumn' } });
  assert.deepEqual(merged.body, { tags: { team: 'cards', season: 'autumn' } });
  const put = { tags: { only: 'this' } };
  const stale = await ask('PUT', tagsUrl, put, { 'if-match': set.etag });
  assert.deepEqual([stale.status, stale.body.code], [412, 'PRECONDITION_FAILED']);
  const first = await ask('PUT', tagsUrl, put, { 'if-none-match': '*' });
  assert.equal(first.body.code, 'PRECONDITION_FAILED');
  const careless = await ask('PUT', tagsUrl, put);
  assert.deepEqual([careless.status, careless.body.code], [428, 'PRECONDITION_REQUIRED']);
  const replaced = await ask('PUT', tagsUrl, put, { 'if-match': `"other", ${merged.etag}` });
  assert.deepEqual(replaced.body, put);
  const cleared = await ask('DELETE', tagsUrl, undefined, { 'if-match': replaced.etag });
  assert.deepEqual([cleared.body, cleared.etag], [{ tags: {} }, none.etag]);
  assert.equal((await ask('PUT', tagsUrl, put, { 'if-none-match': '*' })).status, 200);
  assert.equal((await ask('GET', `${base}/versions/9/tags`)).body.code, 'VERSION_NOT_FOUND');
});

test('keeps every key when many change different tags at once', async () => {
  const keys = Array.from({ length: 10 }, (_, index) => `key${index}`);
  await Promise.all(keys.map((key) => ask('PATCH', `${base}/versions/2/tags`, { tags: { [key]: 'x' } })));
  const { body } = await ask('GET', `${base}/versions/2/tags`);
  assert.deepEqual(Object.keys(body.tags).sort(), keys);
});

test('keeps tags whose keys are properties of every object', async () => {
  const url = `${base}/versions/2/tags`;
  const tags = { constructor: 'x', hasOwnProperty: 'y', toString: 'z' };
  const { status, body } = await ask('PATCH', url, { tags });
  assert.equal(status, 200, JSON.stringify(body));
  const found = await running.ask('scientist', { url: '/v1/search?tag=constructor%3Dx' });
  assert.deepEqual(
    found.json().items.map(({ version }: { version: number }) => version),
    [2],
  );
  const removed = { constructor: null, hasOwnProperty: null, toString: null };
  assert.equal((await ask('PATCH', url, { tags: removed })).status, 200);
});

test('rejects tags over the limits by code, and stores none of them', async () => {
  const before = await ask('GET', tagsUrl);
  const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, 'x']));
  for (const tags of [
    { note: 'x'.repeat(1024 * 1024) },
    { note: 'é'.repeat(513) },
    { ['k'.repeat(65)]: 'x' },
    { ['k'.repeat(1024 * 1024)]: 'x' },
    { 'a b': 'x' },
    { '': 'x' },
    many,
  ]) {
    const { status, body } = await ask('PATCH', tagsUrl, { tags });
    assert.deepEqual([status, body.code], [422, 'TAGS_OVER_LIMIT']);
    assert.ok(body.remedy && JSON.stringify(body).length < 1_500);
  }
  assert.equal((await ask('PATCH', tagsUrl, { tags: { n: 1 } })).body.code, 'REQUEST_INVALID');
  assert.equal((await ask('PATCH', tagsUrl, { tags: { note: 'é'.repeat(512) } })).status, 200);
  assert.equal((await ask('PATCH', tagsUrl, { tags: { note: null } })).etag, before.etag);
  const { items: entries } = (await running.ask('admin', { url: '/v1/audit?limit=20' })).json();
  assert.ok(entries.some((entry: { code?: string }) => entry.code === 'TAGS_OVER_LIMIT'));
});

test('points an alias to a version, moves it by ETag, and records each move in the dossier', async () => {
  const url = `${base}/aliases/champion`;
  assert.equal((await ask('GET', url)).body.code, 'ALIAS_NOT_FOUND');
  assert.equal((await ask('PUT', url, { version: 1 })).body.code, 'PRECONDITION_REQUIRED');
  const set = await ask('PUT', url, { version: 1 }, { 'if-none-match': '*' });
  assert.partialDeepStrictEqual(set.body, {
    name: 'champion',
    version: 1,
    set_by: 'scientist',
    etag: set.etag,
  });
  const shown = await ask('GET', url);
  assert.partialDeepStrictEqual(shown, { etag: set.etag, body: { ...pair, version: 1, stage: 'approved' } });
  const again = await ask('PUT', url, { version: 2 }, { 'if-none-match': '*' });
  assert.deepEqual([again.status, again.body.code], [412, 'PRECONDITION_FAILED']);
  const moved = await ask('PUT', url, { version: 2 }, { 'if-match': set.etag });
  assert.equal(moved.status, 200);
  assert.equal((await ask('GET', url)).body.version, 2);
  const twice = await ask('PUT', url, { version: 1 }, { 'if-match': set.etag });
  assert.deepEqual([twice.status, twice.body.code], [412, 'PRECONDITION_FAILED']);
  assert.ok(twice.body.remedy);
  assert.equal((await ask('GET', url)).body.version, 2);
  assert.deepEqual(
    (await dossier()).filter(({ kind }) => kind === 'alias_set').map(({ facts }) => facts),
    [
      { alias: 'champion', version: 1, previous_version: null },
      { alias: 'champion', version: 2, previous_version: 1 },
    ],
  );
  const list = await ask('GET', `${base}/aliases`);
  assert.partialDeepStrictEqual(list.body, { items: [{ name: 'champion', version: 2, etag: moved.etag }] });
  const gone = await ask('DELETE', url, undefined, { 'if-match': moved.etag });
  assert.equal(gone.status, 200);
  assert.equal((await ask('GET', url)).status, 404);
  const anew = await ask('PUT', url, { version: 2 }, { 'if-match': moved.etag });
  assert.equal(anew.body.code, 'PRECONDITION_FAILED');
});

test('lets one of many concurrent moves of an alias win', async () => {
  const url = `${base}/aliases/contested`;
  const { etag } = await ask('PUT', url, { version: 1 }, { 'if-none-match': '*' });
  const moves = await Promise.all(
    Array.from({ length: 8 }, () => ask('PUT', url, { version: 2 }, { 'if-match': etag })),
  );
  assert.equal(moves.filter(({ status }) => status === 200).length, 1);
  assert.ok(moves.every(({ status, body }) => status === 200 || body.code === 'PRECONDITION_FAILED'));
  const entries = (await dossier()).filter(({ facts }) => facts['alias'] === 'contested');
  assert.equal(entries.length, 2);
});

test('gives a repeated move its first result, and rejects its key for another one', async () => {
  const url = `${base}/aliases/keyed`;
  const headers = { 'if-none-match': '*', 'idempotency-key': 'set-keyed' };
  const first = await ask('PUT', url, { version: 1 }, headers);
  assert.deepEqual((await ask('PUT', url, { version: 1 }, headers)).body, first.body);
  const other = await ask('PUT', url, { version: 2 }, { ...headers, 'if-none-match': '*' });
  assert.deepEqual([other.status, other.body.code], [409, 'COMMAND_ID_REUSED']);
});

test('reads the live version as the alias `live`, which nobody can set', async () => {
  const url = `${base}/aliases/live`;
  assert.equal((await ask('GET', url)).body.code, 'NO_LIVE_VERSION');
  await registry.schedule(deploymentOf(pair, 1, 1, DUE));
  await registry.promote({ pair, deployment: 1, dueBy: DUE, commandId: 'promote' });
  assert.partialDeepStrictEqual((await ask('GET', url)).body, { version: 1, stage: 'live' });
  const set = await ask('PUT', url, { version: 2 }, { 'if-none-match': '*' });
  assert.deepEqual([set.status, set.body.code], [422, 'ALIAS_RESERVED']);
});

test('rejects names that are numbers or lead elsewhere, and a body that names another pair', async () => {
  const absent = { 'if-none-match': '*' };
  const before = (await dossier()).length;
  for (const name of ['12', 'Champion', 'a-b', '..%2Fother', 'a%2Fb', 'a%00', 'x'.repeat(64)]) {
    const { status, body } = await ask('PUT', `${base}/aliases/${name}`, { version: 1 }, absent);
    assert.deepEqual([status, body.code], [400, 'REQUEST_INVALID'], name);
  }
  assert.equal(
    (await ask('PUT', `${base}/aliases/%2e%2e`, { version: 1 }, absent)).body.code,
    'ROUTE_NOT_FOUND',
  );
  for (const path of ['/v1/pairs/..%2fadmin/behaviour/aliases/a', '/v1/pairs/miss_risk/%2e%2e%2fx/aliases/a'])
    assert.equal((await ask('PUT', path, { version: 1 }, absent)).body.code, 'REQUEST_INVALID', path);
  assert.equal((await ask('PUT', `${base}/../x/aliases/a`, { version: 1 }, absent)).status, 404);
  const elsewhere = { version: 1, model: 'other_model', feature_set: 'behaviour' };
  const named = await ask('PUT', `${base}/aliases/elsewhere`, elsewhere, absent);
  assert.deepEqual([named.status, named.body.code], [400, 'REQUEST_INVALID']);
  for (const version of ['0', '01', '1e0', '0x1', '1.0', '%201', '-1', '123456789', 'live'])
    assert.equal((await ask('GET', `${base}/versions/${version}`)).body.code, 'REQUEST_INVALID', version);
  assert.equal(
    (await ask('PUT', `${base}/aliases/far`, { version: 77 }, absent)).body.code,
    'VERSION_NOT_FOUND',
  );
  assert.equal((await dossier()).length, before);
  assert.deepEqual(
    (await registry.aliases(pair)).filter(({ name }) => /elsewhere|far/.test(name)),
    [],
  );
});
