import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { MillraceError } from '#errors/millrace-error.ts';
import { compareAndSet, type Decision } from '#platform/table/compare-and-set.ts';
import type { TransactItem } from '#platform/table/table.ts';
import { freshTable } from '#test/support/stores.ts';

const table = await freshTable();
after(() => table[Symbol.asyncDispose]());

const busy = (rounds: number): MillraceError =>
  new MillraceError('REGISTRY_BUSY', `Gave up after ${rounds} rounds.`);

async function read(pk: string): Promise<number> {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: { pk, sk: 'count' }, ConsistentRead: true }),
  );
  return Number(Item?.['count'] ?? 0);
}

/** A write that holds only while the counter stands at `seen`. */
function countTo(pk: string, seen: number): TransactItem {
  return {
    Put: {
      TableName: table.name,
      Item: { pk, sk: 'count', count: seen + 1 },
      ConditionExpression: seen === 0 ? 'attribute_not_exists(pk)' : '#count = :seen',
      ...(seen === 0
        ? {}
        : {
            ExpressionAttributeNames: { '#count': 'count' },
            ExpressionAttributeValues: { ':seen': seen },
          }),
    },
  };
}

async function increment(pk: string): Promise<Decision<number>> {
  const seen = await read(pk);
  return { write: [countTo(pk, seen)], result: seen + 1 };
}

test('gives each of thirty racing writers a turn of its own', async () => {
  const results = await Promise.all(
    Array.from({ length: 30 }, () =>
      compareAndSet(table, { deadlineMs: 45_000, busy, decide: () => increment('race') }),
    ),
  );
  assert.deepEqual(
    results.toSorted((a, b) => a - b),
    Array.from({ length: 30 }, (_, n) => n + 1),
  );
  assert.equal(await read('race'), 30);
});

test('writes nothing when a round settles or refuses', async () => {
  const settled = await compareAndSet(table, {
    deadlineMs: 1_000,
    busy,
    decide: async () => ({ settled: 'nothing to do' }),
  });
  assert.equal(settled, 'nothing to do');
  const refusal = new RangeError('refused');
  const refused = compareAndSet(table, {
    deadlineMs: 1_000,
    busy,
    decide: () => Promise.reject(refusal),
  });
  await assert.rejects(refused, refusal);
  assert.equal(await read('nothing'), 0);
});

test('ends with the error of the caller at the deadline, after at least one round', async () => {
  await compareAndSet(table, { deadlineMs: 1_000, busy, decide: () => increment('late') });
  let rounds = 0;
  const losing = (deadlineMs: number) =>
    compareAndSet(table, {
      deadlineMs,
      busy,
      decide: async () => {
        rounds += 1;
        return { write: [countTo('late', 0)], result: 0 };
      },
    });
  await assert.rejects(losing(0), { code: 'REGISTRY_BUSY', message: 'Gave up after 1 rounds.' });
  rounds = 0;
  await assert.rejects(losing(300), { code: 'REGISTRY_BUSY' });
  assert.ok(rounds > 1);
  assert.equal(await read('late'), 1);
});

test('shows the reasons of a lost race, which may end the rounds', async () => {
  await compareAndSet(table, { deadlineMs: 1_000, busy, decide: () => increment('reasons') });
  const other: TransactItem = { Put: { TableName: table.name, Item: { pk: 'reasons', sk: 'other' } } };
  const contradiction = new RangeError('no other round would help');
  const lost = compareAndSet(table, {
    deadlineMs: 45_000,
    busy,
    decide: async () => ({ write: [other, countTo('reasons', 0)], result: 0 }),
    lost: (reasons) => {
      assert.deepEqual(reasons, ['None', 'ConditionalCheckFailed']);
      throw contradiction;
    },
  });
  await assert.rejects(lost, contradiction);
});
