import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { readEnvironment } from '#configs/environment.ts';
import { createS3ObjectStore, ensureBucket } from '#platform/objects/s3-object-store.ts';
import { freshBucket } from '../support/stores.ts';
import { objectStoreContract } from './object-store.contract.ts';
import { withScratchFolder } from '#platform/local-files.ts';

objectStoreContract('S3', freshBucket);

describe('S3 object store: failures', () => {
  it('names a bucket that does not exist', async () => {
    await using objects = createS3ObjectStore(readEnvironment(), 'no-such-bucket-anywhere');
    await assert.rejects(objects.get('a'), { code: 'BUCKET_NOT_FOUND' });
  });

  it('says STORE_DENIED for wrong credentials', async () => {
    const env = { ...process.env, AWS_SECRET_ACCESS_KEY: 'wrong' };
    const before = process.env['AWS_SECRET_ACCESS_KEY'];
    process.env['AWS_SECRET_ACCESS_KEY'] = env.AWS_SECRET_ACCESS_KEY;
    try {
      await using objects = createS3ObjectStore(readEnvironment());
      await assert.rejects(objects.put('a', 'x'), { code: 'STORE_DENIED' });
      await assert.rejects(objects.head('a'), { code: 'STORE_DENIED' });
    } finally {
      process.env['AWS_SECRET_ACCESS_KEY'] = before;
    }
  });

  it('says STORE_UNREACHABLE when nobody listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    const { port } = server.address() as AddressInfo;
    await new Promise((closed) => server.close(closed));
    await using objects = createS3ObjectStore({
      ...readEnvironment(),
      MILLRACE_S3_ENDPOINT: `http://127.0.0.1:${port}`,
    });
    await assert.rejects(objects.get('a'), { code: 'STORE_UNREACHABLE' });
  });

  it('says STORE_UNREACHABLE, also while reading to a file, when the connection breaks inside a body', async () => {
    const server = createServer((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nonly this');
        setTimeout(() => socket.destroy(), 50);
      });
    }).listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    const { port } = server.address() as AddressInfo;
    await using objects = createS3ObjectStore({
      ...readEnvironment(),
      MILLRACE_S3_ENDPOINT: `http://127.0.0.1:${port}`,
    });
    await assert.rejects(objects.get('a'), { code: 'STORE_UNREACHABLE' });
    await assert.rejects(objects.sha256('a'), { code: 'STORE_UNREACHABLE' });
    await withScratchFolder(tmpdir(), (folder) =>
      assert.rejects(objects.getFile('a', join(folder, 'a')), { code: 'STORE_UNREACHABLE' }),
    );
    server.close();
  });

  it('makes a bucket twice without harm, also at once', async () => {
    await using objects = await freshBucket();
    await Promise.all([1, 2, 3].map(() => ensureBucket(readEnvironment(), objects.bucket)));
  });
});
