import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { bootstrapAdminKey } from '#bootstrap/admin-key.ts';
import { createKeysStore } from '#access/keys-store.ts';
import { freshTable } from '#test/support/stores.ts';
import { runningApp, type RunningApp } from './running-app.ts';

let running: RunningApp;
before(async () => {
  running = await runningApp();
});
after(() => running[Symbol.asyncDispose]());

test('bootstrap called by several processes at once makes one admin key', async () => {
  await using table = await freshTable();
  const made = await Promise.all(Array.from({ length: 8 }, () => bootstrapAdminKey(createKeysStore(table))));
  assert.equal(made.filter(Boolean).length, 1);
  const another = await bootstrapAdminKey(createKeysStore(table), { another: true });
  assert.ok(another);
  assert.equal((await createKeysStore(table).list()).length, 2);
});

test('two admins that revoke each other at once leave one', async () => {
  await using table = await freshTable();
  const keys = createKeysStore(table);
  const first = await keys.create({ name: 'ann', roles: ['admin'], teams: [], createdBy: 'test' });
  const second = await keys.create({ name: 'ben', roles: ['admin'], teams: [], createdBy: 'test' });
  const outcomes = await Promise.allSettled([
    keys.revoke(first.key.id, 'ben'),
    keys.revoke(second.key.id, 'ann'),
  ]);
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
  assert.equal(refused.length, 1);
  assert.equal(refused[0]?.reason.code, 'LAST_ADMIN_KEY');
  assert.equal((await keys.list()).filter((key) => key.revoked_at === undefined).length, 1);
});

test('only a hash of a key is stored, and no answer but the first holds it', async () => {
  const created = await running.ask('admin', {
    method: 'POST',
    url: '/v1/keys',
    payload: { name: 'carla', roles: ['approver'], teams: ['risk', 'core', 'risk'] },
  });
  assert.equal(created.statusCode, 201);
  const { key, teams } = created.json();
  assert.deepEqual(teams, ['core', 'risk']);
  const secret = key.split('_').slice(2).join('_');
  const list = await running.ask('admin', { url: '/v1/keys' });
  assert.ok(list.body.includes('carla') && !list.body.includes(secret) && !list.body.includes('sha256'));
  assert.ok(!JSON.stringify(running.log).includes(secret));
});

test('a revoked key is refused from the next request on', async () => {
  const { key, text } = await running.keys.create({
    name: 'dora',
    roles: ['viewer'],
    teams: [],
    createdBy: 'test',
  });
  const list = () => running.app.inject({ url: '/v1/keys', headers: { authorization: `Bearer ${text}` } });
  assert.equal((await list()).statusCode, 403);
  const revoked = await running.ask('admin', { method: 'DELETE', url: `/v1/keys/${key.id}` });
  assert.equal(revoked.statusCode, 200);
  assert.equal(revoked.json().revoked_by, 'admin');
  assert.equal((await list()).statusCode, 401);
  const again = await running.ask('admin', { method: 'DELETE', url: `/v1/keys/${key.id}` });
  assert.equal(again.statusCode, 200);
});

test('refuses unknown keys, wrong secrets and revoked keys at the same cost, shared by all that wait', async () => {
  const { table } = running.deps;
  let reads = 0;
  table.client.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        if (commandName === 'QueryCommand' || commandName === 'GetCommand') reads += 1;
        return next(args);
      },
    { step: 'initialize', name: 'countReads' },
  );
  const counted = async (...texts: string[]) => {
    reads = 0;
    const answers = await Promise.all(
      texts.map((text) =>
        running.app.inject({ url: '/v1/keys', headers: { authorization: `Bearer ${text}` } }),
      ),
    );
    for (const { statusCode } of answers) assert.equal(statusCode, 401);
    return reads;
  };
  try {
    await running.ask('admin', { url: '/v1/keys' });
    const secret = 'A'.repeat(43);
    const { key: revoked, text } = await running.keys.create({
      name: 'gone',
      roles: ['viewer'],
      teams: [],
      createdBy: 'test',
    });
    await running.keys.revoke(revoked.id, 'test');
    const [, known = ''] = running.keyOf.viewer.split('_');
    const costs = [
      await counted(`mk_000000000000_${secret}`),
      await counted(`mk_${known}_${secret}`),
      await counted(text),
    ];
    assert.deepEqual(costs, [1, 1, 1]);
    const flood = Array.from({ length: 300 }, (_, index) => {
      const id = index.toString(16).padStart(12, '0');
      return `mk_${id}_${secret}`;
    });
    assert.ok((await counted(...flood)) <= 5);
  } finally {
    table.client.middlewareStack.remove('countReads');
  }
});

test('accepts a key that another process made at once', async () => {
  const elsewhere = createKeysStore(running.deps.table);
  const { text } = await elsewhere.create({ name: 'hana', roles: ['admin'], teams: [], createdBy: 'test' });
  const answer = await running.app.inject({ url: '/v1/keys', headers: { authorization: `Bearer ${text}` } });
  assert.equal(answer.statusCode, 200);
});

test('an unknown key id is a 404 that says where to look', async () => {
  const answer = await running.ask('admin', { method: 'DELETE', url: '/v1/keys/nobody' });
  assert.equal(answer.statusCode, 404);
  assert.match(answer.json().remedy, /keys list/);
});
