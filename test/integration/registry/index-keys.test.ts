import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Page, PageRequest } from '#platform/table/page.ts';
import type { Pair } from '#configs/pair.ts';
import {
  approval,
  approvedVersion,
  deploymentOf,
  freshPair,
  trainedVersion,
  withRegistry,
} from '#test/support/registry.ts';

const DUE = '2026-02-01T00:00:00.000Z';
const LATER = '2099-01-01T00:00:00.000Z';

const stores = await withRegistry();

async function headOf({ model, feature_set }: Pair): Promise<Record<string, unknown>> {
  const { client, name } = stores.table;
  const Key = { pk: `pair#${model}/${feature_set}`, sk: 'head' };
  const { Item } = await client.send(new GetCommand({ TableName: name, Key, ConsistentRead: true }));
  assert.ok(Item);
  return Item;
}

async function indexed(index: 'gsi1' | 'gsi2', pk: unknown): Promise<readonly Record<string, unknown>[]> {
  const { Items = [] } = await stores.table.client.send(
    new QueryCommand({
      TableName: stores.table.name,
      IndexName: index,
      KeyConditionExpression: `${index}pk = :pk`,
      ExpressionAttributeValues: { ':pk': pk },
    }),
  );
  return Items;
}

async function walk<T>(read: (page: PageRequest) => Promise<Page<T>>, limit: number): Promise<T[]> {
  const all: T[] = [];
  let after: string | undefined;
  do {
    const page = await read({ limit, ...(after === undefined ? {} : { after }) });
    assert.ok(page.items.length <= limit);
    all.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return all;
}

/** Carries out everything there is to do, so that the pair is at rest with its first version live. */
async function liveAtRest(pair: Pair): Promise<void> {
  const { registry, objects } = stores;
  await approvedVersion(registry, objects, pair);
  await registry.schedule(deploymentOf(pair, 1, 1, DUE));
  await registry.promote({ pair, deployment: 1, dueBy: DUE, commandId: randomUUID() });
  const emitted = {
    scheduler: 'airflow',
    schedule: '0 5 * * *',
    timezone: 'Europe/London',
    start: DUE,
    digest: 'd',
    schedule_digest: null,
  } as const;
  await registry.recordSpec({ pair, emitted, commandId: randomUUID() });
  await registry.deliverDossier(pair);
}

describe('index keys', () => {
  it('are absent for a pair at rest, and hold nothing but keys for one that is due', async () => {
    const { registry, objects } = stores;
    const pair = freshPair();
    await approvedVersion(registry, objects, pair);
    const due = await headOf(pair);
    assert.match(String(due['gsi1pk']), /^registry#due#\d\d$/);
    const [entry, ...others] = (await indexed('gsi1', due['gsi1pk'])).filter(({ pk }) => pk === due['pk']);
    assert.ok(entry);
    assert.deepEqual(Object.keys(entry).toSorted(), ['gsi1pk', 'gsi1sk', 'pk', 'sk']);
    assert.deepEqual(others, []);

    await registry.deliverDossier(pair);
    const resting = await headOf(pair);
    assert.deepEqual(
      Object.keys(resting).filter((name) => name.startsWith('gsi1') || name.startsWith('due_')),
      [],
    );
    assert.deepEqual(
      (await indexed('gsi1', due['gsi1pk'])).filter(({ pk }) => pk === due['pk']),
      [],
    );
  });

  it('are absent for a live pair at rest, and come back with its next work', async () => {
    const { registry, objects } = stores;
    const pair = freshPair();
    await liveAtRest(pair);
    assert.equal((await headOf(pair))['gsi1pk'], undefined);
    await registry.registerVersion(await trainedVersion(objects, pair));
    assert.match(String((await headOf(pair))['gsi1sk']), /^0000-/, 'its dossier is not delivered');
    await registry.deliverDossier(pair);
    assert.equal((await headOf(pair))['gsi1pk'], undefined);
    await registry.judge(await approval(registry, pair, 2));
    await registry.schedule(deploymentOf(pair, 2, 2, LATER));
    await registry.deliverDossier(pair);
    assert.equal((await headOf(pair))['gsi1sk'], `${LATER}/${pair.model}/${pair.feature_set}`);
  });

  it('of the pair listing never change after the first commit', async () => {
    const { registry, objects } = stores;
    const pair = freshPair();
    await registry.registerVersion(await trainedVersion(objects, pair));
    const keys = ({ gsi2pk, gsi2sk }: Record<string, unknown>) => [gsi2pk, gsi2sk];
    const first = keys(await headOf(pair));
    await registry.judge(await approval(registry, pair, 1));
    await registry.deliverDossier(pair);
    assert.deepEqual(keys(await headOf(pair)), first);
    assert.match(String(first[0]), /^registry#pair#\d\d$/);
  });
});

describe('listings merged from shards', () => {
  const pairs: Pair[] = Array.from({ length: 40 }, (_, n) => ({
    model: `model_${String(n % 20).padStart(2, '0')}`,
    feature_set: n < 20 ? 'behaviour' : 'usage',
  }));
  const names = (found: readonly Pair[]): string[] =>
    found
      .map(({ model, feature_set }) => `${model}/${feature_set}`)
      .filter((name) => name.startsWith('model_'));

  before(async () => {
    const { registry, objects } = stores;
    for (const pair of pairs) await registry.registerVersion(await trainedVersion(objects, pair));
  });

  it('give every pair once and in order, at any page size', async () => {
    const { registry } = stores;
    const wanted = names(pairs).toSorted();
    for (const limit of [1, 7, 39, 200]) {
      assert.deepEqual(names(await walk((page) => registry.pairs(page), limit)), wanted);
    }
  });

  it('give every due pair once, the longest due first, at any page size', async () => {
    const { registry } = stores;
    const wanted = names(pairs).toSorted();
    for (const limit of [3, 16, 200]) {
      const found = await walk((page) => registry.pairsMaybeDue(LATER, page), limit);
      assert.deepEqual(names(found), wanted);
    }
  });

  it('go on after a pair that came to rest between two pages', async () => {
    const { registry } = stores;
    const first = await registry.pairsMaybeDue(DUE, { limit: 50 });
    for (const pair of first.items) await registry.deliverDossier(pair);
    assert.equal(first.next, undefined);
    const pair = freshPair();
    await registry.registerVersion(await trainedVersion(stores.objects, pair));
    const { items } = await registry.pairsMaybeDue(DUE, { limit: 50 });
    assert.deepEqual(items, [pair]);
  });

  it('find versions by stage in order, whole and by model', async () => {
    const { registry } = stores;
    const all = await walk((page) => registry.search({ stage: 'registered' }, page), 9);
    assert.deepEqual(names(all), names(pairs).toSorted());
    const one = await walk((page) => registry.search({ model: 'model_03' }, page), 1);
    assert.deepEqual(names(one), ['model_03/behaviour', 'model_03/usage']);
  });

  it('reject tokens of other listings', async () => {
    for (const after of ['x', 'e30=', Buffer.from('a key').toString('base64url')]) {
      await assert.rejects(stores.registry.pairs({ after }), { code: 'PAGE_TOKEN_INVALID' });
    }
  });
});
