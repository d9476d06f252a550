import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { InjectOptions } from 'fastify';
import type { Role } from '#access/principal.ts';
import { sha256Hex } from '#configs/canonical.ts';
import { createRegistry, type Registry } from '#registry/registry.ts';
import type { RegisterVersion } from '#registry/commands/register-version.ts';
import { cardFiles } from '#test/support/cards.ts';
import { approval, clockAt, rules, trainedVersion } from '#test/support/registry.ts';
import { applyConfigs } from './fixtures/configs.ts';
import { runningApp, type RunningApp } from './running-app.ts';

const pair = { model: 'miss_risk', feature_set: 'behaviour' };
const base = '/v1/pairs/miss_risk/behaviour';
const reason = 'registered by mistake';

let running: RunningApp;
let registry: Registry;
const commands: RegisterVersion[] = [];
before(async () => {
  running = await runningApp();
  const { table, objects } = running.deps;
  await applyConfigs(table, objects, cardFiles());
  registry = createRegistry(table, objects);
  for (let version = 1; version <= 3; version += 1) {
    const command = await trainedVersion(objects, pair);
    await registry.registerVersion(command);
    commands.push(command);
  }
});
after(() => running[Symbol.asyncDispose]());

async function ask(
  role: Role,
  method: 'GET' | 'PUT' | 'DELETE' | 'POST',
  url: string,
  rest: InjectOptions = {},
) {
  const answer = await running.ask(role, { method, url, ...rest });
  return { status: answer.statusCode, body: answer.json() };
}

const remove = (version: number, key?: string) =>
  ask('operator', 'DELETE', `${base}/versions/${version}`, {
    payload: { reason },
    ...(key === undefined ? {} : { headers: { 'idempotency-key': key } }),
  });

test('deletes a version that was never approved, keeps its number, and answers 410 afterwards', async () => {
  await registry.setAlias({
    pair,
    name: 'candidate',
    version: 2,
    expected: 'absent',
    principal: 'ada',
    commandId: 'alias',
  });
  await registry.changeTags({ pair, version: 2, change: () => ({ team: 'cards' }), principal: 'ada' });
  assert.equal((await ask('operator', 'DELETE', `${base}/versions/2`)).body.code, 'REQUEST_INVALID');
  const deleted = await remove(2, 'delete-2');
  assert.partialDeepStrictEqual(deleted, { status: 200, body: { version: 2, stage: 'deleted' } });
  assert.deepEqual((await remove(2, 'delete-2')).body, deleted.body);
  assert.deepEqual([(await remove(2)).status, (await remove(2)).body.code], [410, 'VERSION_DELETED']);
  for (const url of ['', '/card', '/tags', '/artifacts/model.onnx']) {
    const { status, body } = await ask('viewer', 'GET', `${base}/versions/2${url}`);
    assert.deepEqual([status, body.code], [410, 'VERSION_DELETED'], url);
    assert.ok(body.remedy);
  }
  const reject = await ask('approver', 'POST', `${base}/versions/2/reject`, { payload: { reason } });
  assert.equal(reject.body.code, 'VERSION_DELETED');
  const alias = { payload: { version: 2 }, headers: { 'if-none-match': '*' } };
  assert.equal(
    (await ask('scientist', 'PUT', `${base}/aliases/candidate`, alias)).body.code,
    'VERSION_DELETED',
  );
  assert.equal((await ask('viewer', 'GET', `${base}/aliases/candidate`)).body.code, 'ALIAS_NOT_FOUND');
  const { items } = await registry.dossier(pair, { limit: 200 });
  assert.partialDeepStrictEqual(items.at(-1), {
    kind: 'version_deleted',
    principal: 'operator',
    facts: { version: 2, reason, aliases: ['candidate'] },
  });
  await registry.deliverDossier(pair);
  assert.equal((await registry.verifyDossier(pair)).verified, true);
});

test('lists a deleted version only on request', async () => {
  const numbers = async (url: string) =>
    (await ask('viewer', 'GET', url)).body.items.map(({ version }: { version: number }) => version);
  assert.deepEqual(await numbers(`${base}/versions`), [3, 1]);
  assert.deepEqual(await numbers(`${base}/versions?deleted=true`), [3, 2, 1]);
  assert.deepEqual(await numbers('/v1/search?model=miss_risk'), [1, 3]);
  assert.deepEqual(await numbers('/v1/search?stage=deleted'), [2]);
});

test('registers the training of a deleted version again as a new number, by the same command too', async () => {
  const [, command] = commands;
  assert.ok(command);
  const again = await registry.registerVersion(command);
  assert.equal(again.version, 4);
  assert.equal((await registry.registerVersion(command)).version, 4);
  assert.equal((await registry.versionOfTraining(pair, command.training.training_id))?.version, 4);
  assert.equal((await remove(4)).status, 200);
  assert.equal((await registry.registerVersion({ ...command, commandId: 'other' })).version, 5);
});

test('refuses to delete what was approved at any time, even if the approval no longer stands', async () => {
  const { table, objects } = running.deps;
  const clock = clockAt('2026-01-01T01:00:00.000Z');
  const past = createRegistry(table, objects, clock);
  const command = await approval(registry, pair, 3);
  await past.judge({ ...command, rules: rules({ high: { valid_days: 1 } }) });
  const approved = await remove(3);
  assert.deepEqual([approved.status, approved.body.code], [409, 'VERSION_WAS_APPROVED']);
  clock.at = '2026-03-01T00:00:00.000Z';
  const lapsed = await past.judge({
    ...command,
    principal: 'hal',
    commandId: 'second',
    rules: rules({ high: { approvals: 2 } }),
  });
  assert.equal(lapsed.stage, 'registered');
  assert.equal((await remove(3)).body.code, 'VERSION_WAS_APPROVED');
});

test('gives an artifact by a presigned URL with its digest, and nothing that the version does not name', async () => {
  const url = `${base}/versions/1/artifacts`;
  const { status, body } = await ask('viewer', 'GET', `${url}/model.onnx`);
  assert.equal(status, 200);
  const response = await fetch(body.url);
  assert.equal(response.status, 200);
  const bytes = Buffer.from(await response.arrayBuffer());
  assert.deepEqual([bytes.length, sha256Hex(bytes)], [body.size, body.sha256]);
  assert.ok(Date.parse(body.expires_at) > Date.now());
  const moved = await running.ask('viewer', { url: `${url}/model.onnx?redirect=true` });
  assert.equal(moved.statusCode, 302);
  const digest = Buffer.from(body.sha256, 'hex').toString('base64');
  assert.equal(moved.headers['repr-digest'], `sha-256=:${digest}:`);
  assert.equal((await fetch(String(moved.headers.location))).status, 200);
  const changed = new URL(body.url);
  changed.pathname = changed.pathname.replace('model.onnx', 'other.onnx');
  assert.equal((await fetch(changed)).status, 403);
  for (const name of ['other.onnx', '..%2Fmodel.onnx', '%2e%2e%2fmanifest.json', 'a%00b']) {
    const answer = await ask('viewer', 'GET', `${url}/${name}`);
    assert.deepEqual([answer.status, answer.body.code], [404, 'ARTIFACT_NOT_FOUND'], name);
  }
});
