import { setTimeout as sleep } from 'node:timers/promises';
import type { GetItemCommandInput } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import pLimit from 'p-limit';
import { MillraceError } from '#errors/millrace-error.ts';

/** The limit of one BatchGetItem. */
const MOST_KEYS = 100;
/** More gets than this wait until one of them is answered, and then share one request. */
const REQUESTS_AT_ONCE = 4;
/** Wait before keys are asked for again that DynamoDB could not read yet. */
const UNREAD_WAIT_MS = 50;

type Key = Readonly<Record<string, unknown>>;
type Item = Record<string, unknown> | undefined;

interface Wanted {
  readonly key: Key;
  readonly item: Promise<Item>;
  readonly resolve: (item: Item) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Sends consistent gets of whole items that are waiting at the same time as one request, which costs the same capacity and
 * far less time of processor than a request for each. No get is answered by a read that began before it. An error that concerns one key only
 * reaches its caller alone.
 */
export function batchGets(client: DynamoDBDocumentClient, table: string): void {
  const waiting = new Map<string, Wanted>();
  const atOnce = pLimit(REQUESTS_AT_ONCE);

  function get(key: Key): Promise<Item> {
    const name = nameOf(key);
    const known = waiting.get(name);
    if (known !== undefined) return known.item;
    const { promise: item, resolve, reject } = Promise.withResolvers<Item>();
    waiting.set(name, { key, item, resolve, reject });
    if (waiting.size === 1) setImmediate(() => void atOnce(sendWaiting));
    return item;
  }

  async function sendWaiting(): Promise<void> {
    const batch = [...waiting].slice(0, MOST_KEYS);
    for (const [name] of batch) waiting.delete(name);
    if (waiting.size > 0) void atOnce(sendWaiting);
    await answer(batch.map(([, wanted]) => wanted));
  }

  async function answer(batch: readonly Wanted[]): Promise<void> {
    try {
      const found = await readAll(batch.map(({ key }) => key));
      for (const { key, resolve } of batch) resolve(found.get(nameOf(key)));
    } catch (error) {
      // The store itself does not answer, or the only key is the cause.
      if (error instanceof MillraceError || batch.length === 1) for (const { reject } of batch) reject(error);
      else await Promise.all(batch.map((one) => answer([one])));
    }
  }

  async function readAll(keys: readonly Key[]): Promise<ReadonlyMap<string, Item>> {
    const found = new Map<string, Item>();
    let unread: readonly Key[] = keys;
    while (unread.length > 0) {
      const { Responses, UnprocessedKeys } = await client.send(
        new BatchGetCommand({ RequestItems: { [table]: { Keys: [...unread], ConsistentRead: true } } }),
      );
      for (const item of Responses?.[table] ?? []) found.set(nameOf(item), item);
      unread = UnprocessedKeys?.[table]?.Keys ?? [];
      if (unread.length > 0) await sleep(Math.random() * UNREAD_WAIT_MS);
    }
    return found;
  }

  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const input = args.input as GetItemCommandInput;
        if (commandName !== 'GetItemCommand' || !isPlain(input, table)) return next(args);
        const Item = await get(input.Key as Key);
        const output = { $metadata: {}, ...(Item === undefined ? {} : { Item }) };
        return { response: {}, output };
      },
    { step: 'initialize', name: 'millraceBatchedGets', priority: 'low' },
  );
}

function isPlain({ TableName, Key, ConsistentRead, ...others }: GetItemCommandInput, table: string): boolean {
  return (
    TableName === table && Key !== undefined && ConsistentRead === true && Object.keys(others).length === 0
  );
}

function nameOf({ pk, sk }: Key): string {
  return JSON.stringify({ pk, sk });
}
