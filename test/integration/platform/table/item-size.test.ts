import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { transact } from '#platform/table/table.ts';
import { forThisFile, freshTable } from '#test/support/stores.ts';

const table = await forThisFile(freshTable());
const TOO_LARGE = { code: 'STORE_ITEM_TOO_LARGE', details: { limit_bytes: 409_600 } };
const item = (sk: string, bytes: number) => ({ pk: 'sizes', sk, text: 'x'.repeat(bytes) });
const put = (sk: string, bytes: number) => ({ TableName: table.name, Item: item(sk, bytes) });
const stored = async (sk: string) =>
  (await table.client.send(new GetCommand({ TableName: table.name, Key: { pk: 'sizes', sk } }))).Item;

test('names an item that is too large by code, put alone, updated or in a transaction', async () => {
  await table.client.send(new PutCommand(put('fits', 400_000)));
  await assert.rejects(table.client.send(new PutCommand(put('large', 410_000))), TOO_LARGE);
  const grow = new UpdateCommand({
    TableName: table.name,
    Key: { pk: 'sizes', sk: 'fits' },
    UpdateExpression: 'SET more = :more',
    ExpressionAttributeValues: { ':more': 'y'.repeat(20_000) },
  });
  await assert.rejects(table.client.send(grow), TOO_LARGE);
  await assert.rejects(
    transact(table, [{ Put: put('small', 1) }, { Put: put('large', 410_000) }]),
    TOO_LARGE,
  );
  const many = Array.from({ length: 12 }, (_, index) => ({ Put: put(`part${index}`, 390_000) }));
  await assert.rejects(transact(table, many), TOO_LARGE);
  assert.equal((await stored('fits'))?.['text']?.length, 400_000);
  for (const sk of ['large', 'small', 'part0']) assert.equal(await stored(sk), undefined);
});

test('leaves other refusals of the table as they are', async () => {
  const failing = new PutCommand({ ...put('fits', 1), ConditionExpression: 'attribute_not_exists(pk)' });
  await assert.rejects(table.client.send(failing), { name: 'ConditionalCheckFailedException' });
  const malformed = new PutCommand({ TableName: table.name, Item: { pk: 'sizes' } });
  await assert.rejects(table.client.send(malformed), { name: 'ValidationException' });
  const lost = await transact(table, [
    { Put: { ...put('fits', 1), ConditionExpression: 'attribute_not_exists(pk)' } },
  ]);
  assert.deepEqual(lost, { ok: false, reasons: ['ConditionalCheckFailed'] });
});
