import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import Fastify from 'fastify';
import { readEnvironment } from '#configs/environment.ts';
import { staticCredentials } from '#platform/credentials.ts';

/**
 * The floor, in a separate process: the DynamoDB calls that the operation cannot do without, on items of the same size,
 * behind bare routes without keys, audit trail or checks.
 */
const env = readEnvironment();
const TableName = env.MILLRACE_TABLE;
// Not the client of the platform, which puts gets together.
const client = DynamoDBDocumentClient.from(
  new DynamoDBClient({
    region: env.AWS_REGION,
    ...staticCredentials(env),
    ...(env.MILLRACE_TABLE_ENDPOINT === undefined ? {} : { endpoint: env.MILLRACE_TABLE_ENDPOINT }),
  }),
);
const app = Fastify();

const read = (pk: string, sk: string) =>
  client.send(new GetCommand({ TableName, Key: { pk, sk }, ConsistentRead: true }));

interface Write {
  readonly pk: string;
  /** Characters of each new item. */
  readonly sizes: readonly number[];
  readonly alias?: { readonly name: string; readonly version: number };
}

/** A chained entry needs the head first; then head, new items and alias are one transaction. */
app.post<{ Body: Write }>('/write', async ({ body: { pk, sizes, alias } }) => {
  const { Item: head } = await read(pk, 'head');
  const seq = typeof head?.['seq'] === 'number' ? head['seq'] : 0;
  const state = head?.['state'] ?? 'x'.repeat(600);
  const same = seq === 0 ? 'attribute_not_exists(pk)' : 'seq = :seq';
  const values = seq === 0 ? {} : { ExpressionAttributeValues: { ':seq': seq } };
  const items: Record<string, unknown>[] = sizes.map((size, index) => ({
    pk,
    sk: `item#${index}#${randomUUID()}`,
    text: 'x'.repeat(size),
  }));
  if (alias !== undefined) items.push({ pk, sk: `alias#${alias.name}`, version: alias.version });
  await client.send(
    new TransactWriteCommand({
      TransactItems: [
        {
          Put: {
            TableName,
            Item: { pk, sk: 'head', state, seq: seq + 1 },
            ConditionExpression: same,
            ...values,
          },
        },
        ...items.map((Item) => ({ Put: { TableName, Item } })),
      ],
    }),
  );
  return { seq: seq + 1 };
});

/** The alias names the version, whose stage changes; the version itself never does. */
app.get<{ Querystring: { pk: string; alias: string } }>('/alias', async ({ query: { pk, alias } }) => {
  const { Item } = await read(pk, `alias#${alias}`);
  const number = String(Item?.['version']).padStart(8, '0');
  return { alias: Item, stage: (await read(pk, `stage#${number}`)).Item };
});

app.get<{ Querystring: { gsi2pk: string; prefix: string } }>('/search', async ({ query }) => {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName,
      IndexName: 'gsi2',
      KeyConditionExpression: 'gsi2pk = :pk AND begins_with(gsi2sk, :prefix)',
      ExpressionAttributeValues: { ':pk': query.gsi2pk, ':prefix': query.prefix },
      Limit: 50,
    }),
  );
  const Keys = Items.map(({ pk, sk }) => ({ pk: pk as string, sk: sk as string }));
  const found = await client.send(
    new BatchGetCommand({ RequestItems: { [TableName]: { Keys, ConsistentRead: true } } }),
  );
  return { items: found.Responses?.[TableName] };
});

const url = await app.listen({ host: '127.0.0.1', port: 0 });
process.stdout.write(`${JSON.stringify({ ready: true, url })}\n`);
