import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DeleteTableCommand } from '@aws-sdk/client-dynamodb';
import type { AuditEntry } from '#access/audit-store.ts';
import { runningApp, type RunningApp } from './running-app.ts';

let running: RunningApp;
before(async () => {
  running = await runningApp();
});
after(() => running[Symbol.asyncDispose]());

test('every change request is in the trail with who, what and how it ended, the refused ones too', async () => {
  const body = { name: 'eva', roles: ['viewer'] };
  await running.ask('admin', { method: 'POST', url: '/v1/keys', payload: body });
  await running.ask('viewer', { method: 'POST', url: '/v1/keys', payload: body });
  await running.ask('admin', { method: 'DELETE', url: '/v1/keys/none' });
  await running.ask('admin', { method: 'DELETE', url: '/v1/keys/none?x=1' });
  await running.ask('admin', { url: '/v1/keys' });
  const entries: AuditEntry[] = [];
  let before = '';
  do {
    const page = await running.ask('admin', { url: `/v1/audit?limit=2${before}` });
    entries.push(...page.json().items);
    const { next } = page.json();
    before = next === undefined ? '' : `&after=${encodeURIComponent(next)}`;
  } while (before !== '');
  const seen = entries.map((entry) => [entry.principal, entry.method, entry.path, entry.status, entry.code]);
  assert.deepEqual(seen, [
    ['admin', 'DELETE', '/v1/keys/none', 400, 'REQUEST_INVALID'],
    ['admin', 'DELETE', '/v1/keys/none', 404, 'KEY_NOT_FOUND'],
    ['viewer', 'POST', '/v1/keys', 403, 'FORBIDDEN'],
    ['admin', 'POST', '/v1/keys', 201, undefined],
  ]);
  assert.equal(entries[0]?.route, '/v1/keys/:id');
});

test('filters entries, page by page, and says what a grant contained without its secret', async () => {
  const body = { name: 'gus', roles: ['operator', 'scientist'], teams: ['shop', 'core'] };
  const made = await running.ask('admin', { method: 'POST', url: '/v1/keys', payload: body });
  const read = async (query: string): Promise<AuditEntry[]> => {
    const answer = await running.ask('admin', { url: `/v1/audit?${query}` });
    assert.equal(answer.statusCode, 200, answer.body);
    assert.ok(!answer.body.includes(made.json().key.split('_')[2]));
    return answer.json().items;
  };
  const [grant] = await read('method=POST&status=201&limit=1');
  const granted = { key_id: made.json().id, name: 'gus', roles: body.roles, teams: ['core', 'shop'] };
  assert.deepEqual(grant?.granted, granted);
  assert.deepEqual(
    (await read('code=FORBIDDEN')).map(({ principal }) => principal),
    ['viewer'],
  );
  assert.deepEqual(
    (await read('principal=viewer')).map(({ code }) => code),
    ['FORBIDDEN'],
  );
  const revoked = await read(`route=${encodeURIComponent('/v1/keys/:id')}`);
  assert.ok(revoked.length > 0 && revoked.every(({ method }) => method === 'DELETE'));
  const at = encodeURIComponent(grant?.at ?? '');
  assert.equal((await read(`since=${at}`)).length, 1);
  const all = await read('limit=200');
  assert.deepEqual(await read(`until=${at}`), all.slice(1));
  const page = (await running.ask('admin', { url: '/v1/audit?principal=admin&limit=1' })).json();
  const next = await read(`principal=admin&limit=1&after=${encodeURIComponent(page.next)}`);
  assert.ok(next[0] && next[0].at <= page.items[0].at && next[0].request_id !== page.items[0].request_id);
  assert.equal((await running.ask('admin', { url: '/v1/audit?since=lately' })).statusCode, 400);
});

test('a change that cannot be noted is not made', async () => {
  await using doomed = await runningApp();
  // Warms the cache of keys, so that the request gets as far as the trail.
  await doomed.ask('admin', { url: '/v1/keys' });
  await doomed.deps.table.client.send(new DeleteTableCommand({ TableName: doomed.deps.table.name }));
  const answer = await doomed.ask('admin', {
    method: 'POST',
    url: '/v1/keys',
    payload: { name: 'finn', roles: ['viewer'] },
  });
  assert.equal(answer.statusCode, 503);
  assert.equal(answer.json().code, 'AUDIT_UNAVAILABLE');
});
