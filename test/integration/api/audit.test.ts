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
    entries.push(...page.json().entries);
    const { next } = page.json();
    before = next === undefined ? '' : `&before=${encodeURIComponent(next)}`;
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
