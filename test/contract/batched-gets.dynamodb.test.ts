import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { TableHandle } from '#platform/table/table.ts';
import { freshTable } from '../support/stores.ts';

describe('consistent gets that wait at the same time', () => {
  let table: TableHandle & AsyncDisposable;
  let requests = 0;
  before(async () => {
    table = await freshTable();
    table.client.middlewareStack.add(
      (next) => (args) => {
        requests += 1;
        return next(args);
      },
      { step: 'finalizeRequest', name: 'countRequests' },
    );
  });
  after(() => table[Symbol.asyncDispose]());

  const put = (sk: string, facts: Record<string, unknown> = {}) =>
    table.client.send(new PutCommand({ TableName: table.name, Item: { pk: 'p', sk, ...facts } }));
  const get = async (sk: string, pk = 'p') => {
    const { Item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: { pk, sk }, ConsistentRead: true }),
    );
    return Item;
  };

  it('share requests, and each gets its own item, or none', async () => {
    const names = Array.from({ length: 250 }, (_, index) => `n${index}`);
    await Promise.all(names.filter((_, index) => index % 2 === 0).map((name) => put(name, { name })));
    requests = 0;
    const items = await Promise.all([...names, ...names].map((name) => get(name)));
    for (const [index, item] of items.entries()) {
      const name = names[index % 250];
      assert.deepEqual(item, (index % 250) % 2 === 0 ? { pk: 'p', sk: name, name } : undefined);
    }
    assert.equal(requests, 3);
  });

  it('see every write that was answered before they began', async () => {
    const busy = { on: true };
    const others = Array.from({ length: 20 }, async (_, index) => {
      while (busy.on) await get(`n${index}`);
    });
    for (let n = 0; n < 100; n += 1) {
      await put('counter', { n });
      const seen = await Promise.all([get('counter'), get('counter')]);
      assert.deepEqual(
        seen.map((item) => item?.['n']),
        [n, n],
      );
    }
    busy.on = false;
    await Promise.all(others);
  });

  it('fail alone when only their own key is refused', async () => {
    const [good, bad, absent] = await Promise.allSettled([get('n0'), get(''), get('none')]);
    assert.equal(good.status === 'fulfilled' && good.value?.['name'], 'n0');
    assert.equal(bad.status === 'rejected' && (bad.reason as Error).name, 'ValidationException');
    assert.deepEqual(absent, { status: 'fulfilled', value: undefined });
  });

  it('are all answered although one response cannot hold their items', async () => {
    const names = Array.from({ length: 60 }, (_, index) => `large${index}`);
    const text = 'x'.repeat(350_000);
    for (const name of names) await put(name, { text });
    requests = 0;
    const items = await Promise.all(names.map((name) => get(name)));
    assert.deepEqual(
      items.map((item) => item?.['sk']),
      names,
    );
    assert.ok(requests > 1, 'the items came in one response');
  });
});
