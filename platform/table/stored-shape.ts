import { GetCommand, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { TableHandle } from './table.ts';

/**
 * Shape of the items in the table. It is raised by each change after which items of an earlier build would be misread.
 * 2: live intervals have items of their own. 3: heads hold orders to deploy.
 */
export const STORED_SHAPE = 3;

const MARK = { pk: 'store', sk: 'shape' } as const;

/** Marks an empty table with the shape that this build writes. Returns how the items of a table in use differ from it. */
export async function differenceOfShape(table: TableHandle): Promise<string | undefined> {
  const found = (await readMark(table)) ?? (await markIfEmpty(table));
  if (found === STORED_SHAPE) return undefined;
  return `its items have ${found === undefined ? 'no recorded shape' : `the shape ${found}`}, not the shape ${STORED_SHAPE}`;
}

async function readMark(table: TableHandle): Promise<number | undefined> {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: MARK, ConsistentRead: true }),
  );
  return typeof Item?.shape === 'number' ? Item.shape : undefined;
}

async function markIfEmpty(table: TableHandle): Promise<number | undefined> {
  const { Items = [] } = await table.client.send(
    new ScanCommand({ TableName: table.name, Limit: 1, ConsistentRead: true }),
  );
  if (Items.length === 0) await putMark(table);
  // Another process may have marked the table, and begun to use it, since the first look.
  return readMark(table);
}

async function putMark(table: TableHandle): Promise<void> {
  try {
    await table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: { ...MARK, shape: STORED_SHAPE },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}
