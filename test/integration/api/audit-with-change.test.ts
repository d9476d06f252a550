import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { AuditEntry } from '#access/audit-store.ts';
import { createRegistry, type Registry } from '#registry/registry.ts';
import { cardFiles } from '#test/support/cards.ts';
import { approvedVersion, trainedVersion } from '#test/support/registry.ts';
import { applyConfigs } from './fixtures/configs.ts';
import { runningApp, type RunningApp } from './running-app.ts';

const pair = { model: 'miss_risk', feature_set: 'behaviour' };
const base = '/v1/pairs/miss_risk/behaviour';

let running: RunningApp;
let registry: Registry;
before(async () => {
  running = await runningApp();
  const { table, objects } = running.deps;
  await applyConfigs(table, objects, cardFiles());
  registry = createRegistry(table, objects);
  await approvedVersion(registry, objects, pair);
  await registry.registerVersion(await trainedVersion(objects, pair));
});
after(() => running[Symbol.asyncDispose]());

const setAlias = (
  name: string,
  version: number,
  headers: Record<string, string> = { 'if-none-match': '*' },
) =>
  running.ask('scientist', {
    method: 'PUT',
    url: `${base}/aliases/${name}`,
    headers,
    payload: { version },
  });

async function entriesOf(path: string): Promise<readonly AuditEntry[]> {
  const answer = await running.ask('admin', { url: '/v1/audit?limit=200' });
  return (answer.json().items as AuditEntry[]).filter((entry) => entry.path === `${base}${path}`);
}

/** Runs `act` while `around` handles every call to the table; `send` carries the call out. */
async function withTable(
  around: (command: string, send: () => Promise<unknown>) => Promise<unknown>,
  act: () => Promise<unknown>,
): Promise<void> {
  const stack = running.deps.table.client.middlewareStack;
  stack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        let answer: Awaited<ReturnType<typeof next>> | undefined;
        await around(commandName, async () => (answer = await next(args)));
        if (answer === undefined) throw new Error('not sent');
        return answer;
      },
    { step: 'initialize', name: 'around', priority: 'high' },
  );
  try {
    await act();
  } finally {
    stack.remove('around');
  }
}

test('commits the audit entry in the transaction of the change, with no further write', async () => {
  const writes: string[] = [];
  await withTable(
    async (command, send) => {
      if (!/^(Get|BatchGet|Query)/.test(command)) writes.push(command);
      await send();
    },
    async () => {
      assert.equal((await setAlias('one_write', 1)).statusCode, 200);
      const tags = {
        method: 'PATCH',
        url: `${base}/versions/1/tags`,
        payload: { tags: { a: 'b' } },
      } as const;
      assert.equal((await running.ask('scientist', tags)).statusCode, 200);
    },
  );
  assert.deepEqual(writes, ['TransactWriteItemsCommand', 'TransactWriteItemsCommand']);
  for (const path of ['/aliases/one_write', '/versions/1/tags']) {
    const [entry, ...others] = await entriesOf(path);
    assert.deepEqual([entry?.principal, entry?.status, entry?.code], ['scientist', 200, undefined]);
    assert.deepEqual(others, []);
  }
});

test('has the entry of a change whose transaction was carried out and not answered', async () => {
  let lost = 0;
  await withTable(
    async (command, send) => {
      await send();
      if (command !== 'TransactWriteItemsCommand') return;
      lost += 1;
      throw Object.assign(new Error('the connection was reset'), { code: 'ECONNRESET' });
    },
    async () => {
      assert.equal((await setAlias('lost', 1)).statusCode >= 500, true);
    },
  );
  assert.equal(lost, 1);
  assert.equal((await registry.aliasedStage(pair, 'lost')).stage.version, 1);
  assert.deepEqual(
    (await entriesOf('/aliases/lost')).map(({ status }) => status),
    [200],
  );
});

test('has one entry of a change that lost races before it was committed', async () => {
  const versions = Array.from({ length: 8 }, (_, index) => (index % 2) + 1);
  const answers = await Promise.all(versions.map((version, index) => setAlias(`raced${index}`, version)));
  assert.deepEqual([...new Set(answers.map(({ statusCode }) => statusCode))], [200]);
  for (const index of versions.keys()) assert.equal((await entriesOf(`/aliases/raced${index}`)).length, 1);
});

test('has an entry of a change that is refused, that changes nothing, and that is repeated', async () => {
  assert.equal((await setAlias('live', 1)).json().code, 'ALIAS_RESERVED');
  assert.equal((await setAlias('careless', 1, {})).json().code, 'PRECONDITION_REQUIRED');
  const key = { 'if-none-match': '*', 'idempotency-key': 'once' };
  const first = await setAlias('repeated', 1, key);
  assert.deepEqual((await setAlias('repeated', 1, key)).json(), first.json());
  const same = await setAlias('repeated', 1, { 'if-match': String(first.headers.etag) });
  assert.equal(same.statusCode, 200, same.body);

  const seen = async (path: string) => (await entriesOf(path)).map(({ status, code }) => [status, code]);
  assert.deepEqual(await seen('/aliases/live'), [[422, 'ALIAS_RESERVED']]);
  assert.deepEqual(await seen('/aliases/careless'), [[428, 'PRECONDITION_REQUIRED']]);
  const ok = [200, undefined];
  assert.deepEqual(await seen('/aliases/repeated'), [ok, ok, ok]);
});

test('leaves neither change nor entry when the transaction is not carried out', async () => {
  await withTable(
    async (command, send) => {
      if (/^(TransactWrite|Put)/.test(command))
        throw Object.assign(new Error('the table is away'), { code: 'ECONNREFUSED' });
      await send();
    },
    async () => {
      assert.equal((await setAlias('away', 1)).statusCode >= 500, true);
    },
  );
  await assert.rejects(registry.aliasedStage(pair, 'away'), { code: 'ALIAS_NOT_FOUND' });
  assert.deepEqual(await entriesOf('/aliases/away'), []);
});
