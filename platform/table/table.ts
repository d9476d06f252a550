import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ResourceInUseException,
  TransactionCanceledException,
  waitUntilTableExists,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type { Environment } from '#configs/environment.ts';
import { hasCode } from '#errors/cause.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { batchGets } from './batched-gets.ts';
import { staticCredentials } from '../credentials.ts';
import { differenceOfShape } from './stored-shape.ts';
import { tableError } from './table-error.ts';
import { TABLE_ATTRIBUTES, TABLE_INDEXES, TABLE_KEYS, differenceOfTable } from './table-shape.ts';

/**
 * One DynamoDB table with generic keys (`pk`, `sk`) and two indexes. Errors of any call through `client`:
 * `STORE_UNREACHABLE` (can be retried), `STORE_DENIED`, `TABLE_NOT_FOUND`, `STORE_ITEM_TOO_LARGE`. Failed conditions stay errors of the SDK.
 */
export interface TableHandle {
  readonly client: DynamoDBDocumentClient;
  readonly name: string;
}

export type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** DynamoDB's reason for each item of a cancelled transaction, in order; `None` if the item was not the cause. */
export type CancellationReason =
  | 'None'
  | 'ConditionalCheckFailed'
  | 'TransactionConflict'
  | 'ThrottlingError'
  | 'ProvisionedThroughputExceeded';

export type TransactResult =
  { readonly ok: true } | { readonly ok: false; readonly reasons: readonly CancellationReason[] };

export function openTable(env: Environment, name: string = env.MILLRACE_TABLE): TableHandle {
  const base = new DynamoDBClient({
    region: env.AWS_REGION,
    ...staticCredentials(env),
    ...(env.MILLRACE_TABLE_ENDPOINT === undefined ? {} : { endpoint: env.MILLRACE_TABLE_ENDPOINT }),
    maxAttempts: 4,
    requestHandler: { connectionTimeout: 3_000, socketTimeout: 15_000 },
  });
  // Set on the client, so that every user of it, including ElectroDB, gets errors of the catalogue.
  base.middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        throw tableError(error, name);
      }
    },
    { step: 'initialize', name: 'millraceErrors', priority: 'high' },
  );
  const client = DynamoDBDocumentClient.from(base, {
    // The SDK takes a map with a key `constructor` for the instance of a class.
    marshallOptions: { removeUndefinedValues: true, convertClassInstanceToMap: true },
  });
  batchGets(client, name);
  return { client, name };
}

/** Creates the table if it does not exist, and waits until it can be used. Throws `TABLE_SCHEMA_DIFFERS`. */
export async function ensureTable(table: TableHandle): Promise<void> {
  let found = await describe(table);
  if (found === undefined) {
    await create(table);
    found = await describe(table);
  }
  if (found?.TableStatus !== 'ACTIVE') {
    await waitUntilTableExists(
      { client: table.client, maxWaitTime: 120, minDelay: 1 },
      { TableName: table.name },
    );
    found = await describe(table);
  }
  const difference = differenceOfTable(found ?? {}) ?? (await differenceOfShape(table));
  if (difference !== undefined) {
    throw new MillraceError('TABLE_SCHEMA_DIFFERS', `Table ${table.name} differs: ${difference}.`, {
      where: table.name,
    });
  }
}

async function create(table: TableHandle): Promise<void> {
  try {
    await table.client.send(
      new CreateTableCommand({
        TableName: table.name,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: TABLE_ATTRIBUTES,
        KeySchema: TABLE_KEYS,
        GlobalSecondaryIndexes: TABLE_INDEXES,
      }),
    );
  } catch (error) {
    // Another process created it first.
    if (!(error instanceof ResourceInUseException)) throw error;
  }
}

async function describe(table: TableHandle): Promise<TableDescription | undefined> {
  try {
    return (await table.client.send(new DescribeTableCommand({ TableName: table.name }))).Table;
  } catch (error) {
    if (hasCode(error, 'TABLE_NOT_FOUND')) return undefined;
    throw error;
  }
}

/** For tests and `reset`. No-op if the table does not exist. */
export async function dropTable(table: TableHandle): Promise<void> {
  try {
    await table.client.send(new DeleteTableCommand({ TableName: table.name }));
  } catch (error) {
    if (!hasCode(error, 'TABLE_NOT_FOUND')) throw error;
  }
}

/**
 * Writes all items or none, at most 100. A lost race is a result, not an error; a malformed item is an error. The SDK
 * retries a lost response with the same request token, so the transaction is carried out once.
 */
export async function transact(table: TableHandle, items: readonly TransactItem[]): Promise<TransactResult> {
  try {
    await table.client.send(new TransactWriteCommand({ TransactItems: [...items] }));
    return { ok: true };
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    const reasons = (error.CancellationReasons ?? []).map((reason) => reason.Code ?? 'None');
    if (reasons.length === 0 || !reasons.every(isCancellationReason)) throw error;
    return { ok: false, reasons };
  }
}

const REASONS: ReadonlySet<string> = new Set<CancellationReason>([
  'None',
  'ConditionalCheckFailed',
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
]);

function isCancellationReason(code: string): code is CancellationReason {
  return REASONS.has(code);
}
