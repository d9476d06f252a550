import { randomBytes } from 'node:crypto';
import { after } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteBucketCommand } from '@aws-sdk/client-s3';
import { readEnvironment } from '#configs/environment.ts';
import { hasCode } from '#errors/cause.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { createS3Client, createS3ObjectStore, ensureBucket } from '#platform/objects/s3-object-store.ts';
import { dropTable, ensureTable, openTable, type TableHandle } from '#platform/table/table.ts';

function unique(prefix: string): string {
  return `${prefix}-${randomBytes(6).toString('hex')}`;
}

/** An empty bucket on the servers of the environment, removed with all it holds at the end: `await using objects = …`. */
export async function freshBucket(): Promise<ObjectStore & AsyncDisposable> {
  const env = readEnvironment();
  const bucket = unique('test');
  await ensureBucket(env, bucket);
  const store = createS3ObjectStore(env, bucket);
  const dispose = async (): Promise<void> => {
    const keys: string[] = [];
    for await (const { key } of store.list('')) keys.push(key);
    await store.remove(keys);
    const client = createS3Client(env);
    await client.send(new DeleteBucketCommand({ Bucket: bucket }));
    client.destroy();
    await store[Symbol.asyncDispose]();
  };
  try {
    await untilWritable(store);
  } catch (error) {
    await dispose();
    throw error;
  }
  return { ...store, [Symbol.asyncDispose]: dispose };
}

/** SeaweedFS sets disk space apart at the first write to a bucket, and has none while too many test files hold some. */
async function untilWritable(store: ObjectStore): Promise<void> {
  for (const deadline = Date.now() + 30_000; ; await sleep(300)) {
    try {
      await store.put('first-write', '');
      return await store.remove(['first-write']);
    } catch (error) {
      const full = hasCode(error, 'STORE_UNREACHABLE');
      if (!full || Date.now() > deadline) throw error;
    }
  }
}

/** An empty table with keys and indexes, dropped at the end: `await using table = …`. */
export async function freshTable(): Promise<TableHandle & AsyncDisposable> {
  const table = openTable(readEnvironment(), unique('test'));
  await ensureTable(table);
  return {
    ...table,
    async [Symbol.asyncDispose]() {
      await dropTable(table);
      table.client.destroy();
    },
  };
}

/** An empty table and an empty bucket, both removed at the end: `await using stores = await freshStores()`. */
export async function freshStores() {
  const [table, objects] = await Promise.all([freshTable(), freshBucket()]);
  return {
    table,
    objects,
    async [Symbol.asyncDispose]() {
      await Promise.all([table[Symbol.asyncDispose](), objects[Symbol.asyncDispose]()]);
    },
  };
}

/** Keeps something open for all tests of the calling file: `const objects = await forThisFile(freshBucket())`. */
export async function forThisFile<T extends AsyncDisposable>(opening: Promise<T>): Promise<T> {
  const opened = await opening;
  after(() => opened[Symbol.asyncDispose]());
  return opened;
}
