import { GetCommand } from '@aws-sdk/lib-dynamodb';
import Fastify from 'fastify';
import { readEnvironment } from '#configs/environment.ts';
import { openTable } from '#platform/table/table.ts';

/**
 * The floors, in a separate process. `node bench/api/bare.ts <answer> <pk> <sk>` serves a fixed response at `/fixed`,
 * and a strongly consistent read of that item at `/item`.
 */
const [answer = '', pk = '', sk = ''] = process.argv.slice(2);
const table = openTable(readEnvironment());
const app = Fastify();

app.get('/fixed', (_request, reply) => reply.header('content-type', 'application/json').send(answer));
app.get('/item', async () => {
  const read = new GetCommand({ TableName: table.name, Key: { pk, sk }, ConsistentRead: true });
  const { Item } = await table.client.send(read);
  if (Item === undefined) throw new Error(`The table has no item ${pk} ${sk}.`);
  return Item;
});

const url = await app.listen({ host: '127.0.0.1', port: 0 });
process.stdout.write(`${JSON.stringify({ ready: true, url })}\n`);
