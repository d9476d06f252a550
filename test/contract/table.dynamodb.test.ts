import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { readEnvironment } from '#configs/environment.ts';
import { STORED_SHAPE } from '#platform/table/stored-shape.ts';
import { TABLE_ATTRIBUTES, TABLE_INDEXES, TABLE_KEYS } from '#platform/table/table-shape.ts';
import { dropTable, ensureTable, openTable, transact } from '#platform/table/table.ts';
import { freshTable } from '../support/stores.ts';
import { tableContract } from './table.contract.ts';

tableContract('DynamoDB', freshTable);

describe('DynamoDB table: failures', () => {
  const absent = (): string => `absent-${randomBytes(6).toString('hex')}`;

  it('names a table that does not exist, through the plain client and through transact', async () => {
    const table = openTable(readEnvironment(), absent());
    const get = new GetCommand({ TableName: table.name, Key: { pk: 'a', sk: 'b' } });
    await assert.rejects(table.client.send(get), { code: 'TABLE_NOT_FOUND' });
    const put = { Put: { TableName: table.name, Item: { pk: 'a', sk: 'b' } } };
    await assert.rejects(transact(table, [put]), { code: 'TABLE_NOT_FOUND' });
    await dropTable(table);
  });

  it('refuses a table of its name with other keys, and leaves it alone', async () => {
    const table = openTable(readEnvironment(), absent());
    await table.client.send(
      new CreateTableCommand({
        TableName: table.name,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      }),
    );
    await assert.rejects(ensureTable(table), { code: 'TABLE_SCHEMA_DIFFERS' });
    await dropTable(table);
  });

  it('refuses a table whose indexes hold more than keys', async () => {
    const table = openTable(readEnvironment(), absent());
    await table.client.send(
      new CreateTableCommand({
        TableName: table.name,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: TABLE_ATTRIBUTES,
        KeySchema: TABLE_KEYS,
        GlobalSecondaryIndexes: TABLE_INDEXES.map((index) => ({
          ...index,
          Projection: { ProjectionType: 'ALL' },
        })),
      }),
    );
    await assert.rejects(ensureTable(table), { code: 'TABLE_SCHEMA_DIFFERS', message: /projects ALL/ });
    await dropTable(table);
  });

  it('refuses a table that another build filled with items of another shape, and leaves it alone', async () => {
    const table = openTable(readEnvironment(), absent());
    await ensureTable(table);
    const mark = { pk: 'store', sk: 'shape' };
    const put = (Item: Record<string, unknown>) =>
      table.client.send(new PutCommand({ TableName: table.name, Item }));
    await put({ ...mark, shape: STORED_SHAPE - 1 });
    await assert.rejects(ensureTable(table), {
      code: 'TABLE_SCHEMA_DIFFERS',
      message: new RegExp(`the shape ${STORED_SHAPE - 1},`),
    });
    await table.client.send(new DeleteCommand({ TableName: table.name, Key: mark }));
    await put({ pk: 'pair#a/b', sk: 'head' });
    await assert.rejects(ensureTable(table), { code: 'TABLE_SCHEMA_DIFFERS', message: /no recorded shape/ });
    await dropTable(table);
  });

  it('is made by four clients at once without an error', async () => {
    const name = absent();
    const tables = Array.from({ length: 4 }, () => openTable(readEnvironment(), name));
    await Promise.all(tables.map((table) => ensureTable(table)));
    for (const table of tables.slice(0, 1)) await dropTable(table);
  });

  it('says STORE_UNREACHABLE when nobody listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    const { port } = server.address() as AddressInfo;
    await new Promise((closed) => server.close(closed));
    const table = openTable({ ...readEnvironment(), MILLRACE_TABLE_ENDPOINT: `http://127.0.0.1:${port}` });
    const put = { Put: { TableName: table.name, Item: { pk: 'a', sk: 'b' } } };
    await assert.rejects(transact(table, [put]), { code: 'STORE_UNREACHABLE' });
  });
});
