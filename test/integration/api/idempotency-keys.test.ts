import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { InjectOptions } from 'fastify';
import type { AuditEntry } from '#access/audit-store.ts';
import { createRegistry, type Registry } from '#registry/registry.ts';
import { workflowId } from '#workflows/contract/ids.ts';
import { approvedVersion, deploymentOf } from '#test/support/registry.ts';
import { CHANGING_REQUESTS, injected } from './changing-routes.ts';
import { applyConfigs, PAIR } from './fixtures/configs.ts';
import { runningApp, type RunningApp } from './running-app.ts';
import { storedItems } from './stored-items.ts';

const pairPath = `/v1/pairs/${PAIR.model}/${PAIR.feature_set}`;
const changing: string[] = [];
let running: RunningApp;
let registry: Registry;

before(async () => {
  running = await runningApp({
    watchRoute: ({ method, url, config }) => {
      for (const one of [method].flat())
        if (!['GET', 'HEAD'].includes(one) && config?.role !== 'public') changing.push(`${one} ${url}`);
    },
  });
  const { table, objects } = running.deps;
  await applyConfigs(table, objects);
  registry = createRegistry(table, objects);
  const { base_digest: configs } = (await running.ask('viewer', { url: '/v1/configs' })).json();
  for (let count = 0; count < 2; count += 1)
    await approvedVersion(registry, objects, PAIR, { configs, tier: 'high' });
  await goLive(1, 1);
});
after(() => running[Symbol.asyncDispose]());

async function goLive(deployment: number, version: number): Promise<void> {
  const due = `2026-01-0${deployment}T00:00:00.000Z`;
  await registry.schedule(deploymentOf(PAIR, deployment, version, due));
  await registry.promote({ pair: PAIR, deployment, dueBy: due, commandId: `promote-${deployment}` });
}

const send = (options: InjectOptions, key: string) =>
  running.ask('admin', { ...options, headers: { ...options.headers, 'idempotency-key': key } });

async function lastAudited(): Promise<AuditEntry> {
  const [entry] = (await running.ask('admin', { url: '/v1/audit?limit=1' })).json().items;
  return entry;
}

test('the table of requests names every changing route once', () => {
  const named = CHANGING_REQUESTS.map(({ method, route }) => `${method} ${route}`);
  assert.deepEqual(named.sort(), changing.sort());
});

test('describes the key in the OpenAPI document at every change and at no read', () => {
  for (const [path, operations] of Object.entries(running.app.swagger().paths ?? {}))
    for (const [method, operation] of Object.entries(operations ?? {})) {
      const described = JSON.stringify(operation).includes('#/components/parameters/IdempotencyKey');
      assert.equal(described, method !== 'get', `${method} ${path}`);
    }
});

test('refuses, on every changing route, a key that was used for another request, and stores nothing', async () => {
  const tags = { method: 'PATCH', url: `${pairPath}/versions/2/tags`, payload: { tags: {} } } as const;
  assert.equal((await send(tags, 'used')).statusCode, 200);
  const items = () => storedItems(running.deps.table, { without: 'audit' });
  const before = await items();
  for (const request of CHANGING_REQUESTS) {
    const what = `${request.method} ${request.route}`;
    const answer = await send(injected(request), 'used');
    assert.deepEqual([answer.statusCode, answer.json().code], [409, 'COMMAND_ID_REUSED'], what);
    assert.match(answer.json().detail, /PATCH \/v1\/pairs\/buys\/habits\/versions\/2\/tags/);
    const { route, status, code } = await lastAudited();
    assert.deepEqual([route, status, code], [request.route, 409, 'COMMAND_ID_REUSED'], what);
  }
  assert.deepEqual(await items(), before);
});

test('takes another pair, body, path or precondition for another request, and another spelling for the same', async () => {
  const url = `${pairPath}/versions/2/tags`;
  const first = { method: 'PATCH', url, payload: { tags: { a: '1', b: '2' } } } as const;
  const { body } = await send(first, 'one');
  for (const change of [
    { payload: { tags: { a: '1' } } },
    { url: `${pairPath}/versions/1/tags` },
    { url: `/v1/pairs/${PAIR.model}/elsewhere/versions/2/tags` },
    { method: 'PUT', headers: { 'if-match': '*' } },
    { headers: { 'if-match': '*' } },
  ] as const)
    assert.equal((await send({ ...first, ...change }, 'one')).json().code, 'COMMAND_ID_REUSED');
  for (const change of [
    { payload: '{ "tags": {"b":"2", "a":"1"} }', headers: { 'content-type': 'application/json' } },
    { url: url.replace('habits', 'h%61bits') },
  ])
    assert.equal((await send({ ...first, ...change }, 'one')).body, body);
  const { text } = await running.keys.create({ name: 'zoe', roles: ['admin'], teams: [], createdBy: 'test' });
  const other = await running.app.inject({
    ...first,
    payload: { tags: { c: '3' } },
    headers: { authorization: `Bearer ${text}`, 'idempotency-key': 'one' },
  });
  assert.equal(other.statusCode, 200, 'keys of one principal say nothing to another');
});

test('does not use up the key of a request that is malformed or not allowed', async () => {
  const url = `${pairPath}/versions/1/archive`;
  const malformed = await send({ method: 'POST', url, payload: { reason: '' } }, 'typo');
  assert.equal(malformed.json().code, 'REQUEST_INVALID');
  const tags = {
    method: 'PATCH',
    url: `${pairPath}/versions/2/tags`,
    payload: { tags: { c: '3' } },
  } as const;
  assert.equal((await send(tags, 'typo')).statusCode, 200);
  const headers = { 'idempotency-key': 'mine' };
  const forbidden = { method: 'POST', url, payload: { reason: 'mine' }, headers } as const;
  assert.equal((await running.ask('viewer', forbidden)).statusCode, 403);
  const items = await storedItems(running.deps.table, { without: 'audit' });
  assert.ok(!JSON.stringify(items).includes('viewer/mine'));
  for (const key of ['', 'a b', 'é', 'x'.repeat(201)])
    assert.equal((await send(tags, key)).json().code, 'REQUEST_INVALID', key);
});

test('gives a repeated change of tags its first result, and does not undo what others changed since', async () => {
  const url = `${pairPath}/versions/1/tags`;
  const none = await running.ask('viewer', { url });
  const set = { method: 'PATCH', url, payload: { tags: { season: 'autumn' } } } as const;
  const first = await send(set, 'season');
  const headers = { 'if-match': String(first.headers.etag) };
  const later = { method: 'PUT', url, payload: { tags: { season: 'winter' } }, headers } as const;
  const second = await send(later, 'later');
  for (const [asked, key, was] of [
    [set, 'season', first],
    [later, 'later', second],
  ] as const) {
    const again = await send(asked, key);
    assert.deepEqual([again.statusCode, again.body, again.headers.etag], [200, was.body, was.headers.etag]);
  }
  assert.deepEqual((await running.ask('viewer', { url })).json(), { tags: { season: 'winter' } });
  const { method, status, code } = await lastAudited();
  assert.deepEqual([method, status, code], ['PUT', 200, undefined], 'a repeat is in the audit trail too');
  const clear = { method: 'DELETE', url, headers: { 'if-match': String(second.headers.etag) } } as const;
  assert.equal((await send(clear, 'clear')).headers.etag, none.headers.etag);
  assert.equal((await send(clear, 'clear')).headers.etag, none.headers.etag);
});

test('creates one key for a repeated request, and neither stores nor repeats its text', async () => {
  const asked = { method: 'POST', url: '/v1/keys', payload: { name: 'once', roles: ['viewer'] } } as const;
  const made = await Promise.all(Array.from({ length: 4 }, () => send(asked, 'make')));
  assert.deepEqual(
    made.map(({ statusCode }) => statusCode).sort((a, b) => a - b),
    [201, 409, 409, 409],
  );
  const { id, key } = made.find(({ statusCode }) => statusCode === 201)?.json() ?? {};
  const again = (await send(asked, 'make')).json();
  assert.deepEqual([again.code, again.details.key_id], ['KEY_SHOWN_ONCE', id]);
  const all = await running.keys.list();
  assert.equal(all.filter(({ name }) => name === 'once').length, 1);
  const items = JSON.stringify(await storedItems(running.deps.table));
  assert.ok(items.includes(id) && !items.includes(key.split('_').slice(2).join('_')));
  const admin = { ...asked, payload: { name: 'chief', roles: ['admin'] } };
  assert.equal((await send(admin, 'admin')).statusCode, 201);
  assert.equal((await send(admin, 'admin')).json().code, 'KEY_SHOWN_ONCE');
});

test('gives a repeated start the run of the first request, although another version is live since', async () => {
  const scores = {
    method: 'POST',
    url: `${pairPath}/scores`,
    payload: { score_date: '2020-03-05' },
  } as const;
  const backfill = {
    method: 'POST',
    url: `${pairPath}/backfills`,
    payload: { from: '2020-03-05', to: '2020-03-06' },
  } as const;
  const partitions = {
    method: 'POST',
    url: '/v1/feature-sets/habits/partitions',
    payload: { from: '2020-03-01', to: '2020-05-01' },
  } as const;
  const starts = [scores, backfill, partitions];
  const first = await Promise.all(starts.map((asked, index) => send(asked, `start-${index}`)));
  for (const { statusCode, body } of first) assert.equal(statusCode, 202, body);
  await goLive(2, 2);
  const again = await Promise.all(starts.map((asked, index) => send(asked, `start-${index}`)));
  assert.deepEqual(
    again.map((answer) => answer.json()),
    first.map((answer) => answer.json()),
  );
  assert.equal(
    again[0]?.json().workflow_id,
    workflowId.score({ ...PAIR, version: 1, score_date: '2020-03-05', revision: 1 }),
  );
  const anew = await send(scores, 'start-anew');
  assert.match(anew.json().workflow_id, /\/v2\//);
  // A run that ended without a result is started again.
  const id = String(first[1]?.json().workflow_id);
  await running.deps.temporal.workflow.getHandle(id).terminate();
  const retried = (await send(backfill, 'start-1')).json();
  assert.deepEqual([retried.status, retried.workflow_id.includes('/v2/')], ['running', true]);
});

test('gives a repeated cancellation its first answer, and leaves a later run of the same id alone', async () => {
  const start = {
    method: 'POST',
    url: '/v1/feature-sets/habits/partitions',
    payload: { dt: '2020-08-01' },
  } as const;
  const { workflow_id: id } = (await send(start, 'built')).json();
  const cancel = { method: 'POST', url: `/v1/workflows/${id}/cancel` } as const;
  const first = await send(cancel, 'cancel');
  assert.equal(first.statusCode, 202, first.body);
  const { workflow } = running.deps.temporal;
  await workflow.getHandle(id).terminate();
  assert.equal((await send(start, 'built-again')).statusCode, 202);
  assert.equal((await send(cancel, 'cancel')).body, first.body);
  const history = await workflow.getHandle(id).fetchHistory();
  const requested = history.events?.filter((event) => event.workflowExecutionCancelRequestedEventAttributes);
  assert.equal(requested?.length, 0);
});

test('costs a request without a key nothing', async () => {
  const { client } = running.deps.table;
  const sent: string[] = [];
  client.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        sent.push(`${commandName} ${JSON.stringify(args.input)}`);
        return next(args);
      },
    { step: 'initialize', name: 'watch' },
  );
  try {
    const tags = {
      method: 'PATCH',
      url: `${pairPath}/versions/2/tags`,
      payload: { tags: { d: '4' } },
    } as const;
    await running.ask('admin', tags);
    assert.ok(sent.length > 0 && !sent.some((call) => call.includes('keyed-request')));
    await send(tags, 'counted');
    assert.ok(sent.some((call) => call.includes('keyed-request')));
  } finally {
    client.middlewareStack.remove('watch');
  }
});
