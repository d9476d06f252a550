import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { ensureTable, transact, type TableHandle, type TransactItem } from '#platform/table/table.ts';

/** What the table must keep for the registry's rules to hold. `open` gives an empty one. */
export function tableContract(name: string, open: () => Promise<TableHandle & AsyncDisposable>): void {
  describe(`table: ${name}`, () => {
    let table: TableHandle & AsyncDisposable;
    before(async () => {
      table = await open();
    });
    after(async () => {
      await table[Symbol.asyncDispose]();
    });

    const put = (pk: string, sk: string, more: Record<string, unknown> = {}): TransactItem => ({
      Put: {
        TableName: table.name,
        Item: { pk, sk, ...more },
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    });
    const read = async (pk: string, sk: string): Promise<Record<string, unknown> | undefined> =>
      (
        await table.client.send(
          new GetCommand({ TableName: table.name, Key: { pk, sk }, ConsistentRead: true }),
        )
      ).Item;

    it('lets one of twenty conditional writes win', async () => {
      const writes = Array.from({ length: 20 }, (_, n) =>
        table.client.send(
          new PutCommand({
            TableName: table.name,
            Item: { pk: 'race', sk: 'one', writer: n },
            ConditionExpression: 'attribute_not_exists(pk)',
          }),
        ),
      );
      const results = await Promise.allSettled(writes);
      assert.equal(results.filter((result) => result.status === 'fulfilled').length, 1);
      for (const result of results) {
        if (result.status === 'rejected') assert.ok(result.reason instanceof ConditionalCheckFailedException);
      }
    });

    it('shows a write to the strongly consistent read that follows it', async () => {
      for (let n = 0; n < 50; n++) {
        await table.client.send(
          new PutCommand({ TableName: table.name, Item: { pk: 'read', sk: 'own', n } }),
        );
        assert.equal((await read('read', 'own'))?.['n'], n);
      }
    });

    it('writes all of a transaction or nothing, and says which item stood in the way', async () => {
      assert.deepEqual(await transact(table, [put('all', 'a'), put('all', 'b')]), { ok: true });
      assert.deepEqual(await transact(table, [put('all', 'c'), put('all', 'b')]), {
        ok: false,
        reasons: ['None', 'ConditionalCheckFailed'],
      });
      assert.equal(await read('all', 'c'), undefined);
    });

    it('throws for a malformed item, which is no lost race', async () => {
      await assert.rejects(
        transact(table, [{ Put: { TableName: table.name, Item: { pk: 'no sort key' } } }]),
        (error: Error) =>
          error.name === 'ValidationException' || error.name === 'TransactionCanceledException',
      );
    });

    it('loses none of 100 concurrent transactions on one counter', async () => {
      await table.client.send(
        new PutCommand({ TableName: table.name, Item: { pk: 'count', sk: 'head', seq: 0 } }),
      );
      const commit = async (writer: number): Promise<number> => {
        for (let rounds = 1; ; rounds++) {
          const seq = Number((await read('count', 'head'))?.['seq']);
          const head: TransactItem = {
            Update: {
              TableName: table.name,
              Key: { pk: 'count', sk: 'head' },
              UpdateExpression: 'SET seq = :next',
              ConditionExpression: 'seq = :seq',
              ExpressionAttributeValues: { ':seq': seq, ':next': seq + 1 },
            },
          };
          const entry = put('count', `entry#${String(seq + 1).padStart(3, '0')}`, { writer });
          const result = await transact(table, [head, entry]);
          if (result.ok) return rounds;
          assert.ok(
            result.reasons.every((reason) =>
              ['None', 'ConditionalCheckFailed', 'TransactionConflict'].includes(reason),
            ),
          );
          await new Promise((later) => setTimeout(later, Math.random() * 20 * Math.min(rounds, 20)));
        }
      };
      await Promise.all(Array.from({ length: 100 }, (_, writer) => commit(writer)));
      assert.equal((await read('count', 'head'))?.['seq'], 100);
      const { Items } = await table.client.send(
        new QueryCommand({
          TableName: table.name,
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :entry)',
          ExpressionAttributeValues: { ':pk': 'count', ':entry': 'entry#' },
          ConsistentRead: true,
        }),
      );
      assert.deepEqual(
        Items?.map((item) => item['sk']),
        Array.from({ length: 100 }, (_, n) => `entry#${String(n + 1).padStart(3, '0')}`),
      );
      assert.equal(new Set(Items?.map((item) => item['writer'])).size, 100);
    });

    it('finds items by both indexes, in order', async () => {
      for (const index of ['gsi1', 'gsi2']) {
        for (const at of ['2005-10-02', '2005-10-01']) {
          const Item = { pk: index, sk: at, [`${index}pk`]: 'due', [`${index}sk`]: at };
          await table.client.send(new PutCommand({ TableName: table.name, Item }));
        }
        const { Items } = await table.client.send(
          new QueryCommand({
            TableName: table.name,
            IndexName: index,
            KeyConditionExpression: `${index}pk = :due AND ${index}sk <= :now`,
            ExpressionAttributeValues: { ':due': 'due', ':now': '2005-10-02' },
          }),
        );
        assert.deepEqual(
          Items?.map((item) => item['sk']),
          ['2005-10-01', '2005-10-02'],
        );
      }
    });

    it('leaves out members that are undefined', async () => {
      await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: { pk: 'some', sk: 'members' },
          UpdateExpression: 'SET facts = :facts',
          ExpressionAttributeValues: { ':facts': { a: 1, b: undefined } },
        }),
      );
      assert.deepEqual((await read('some', 'members'))?.['facts'], { a: 1 });
    });

    it('is made once, however often and by however many', async () => {
      await Promise.all([1, 2, 3, 4].map(() => ensureTable(table)));
    });
  });
}
