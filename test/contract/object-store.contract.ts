import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { inspect } from 'node:util';
import type { MillraceError } from '#errors/millrace-error.ts';
import { withScratchFolder } from '#platform/local-files.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';

function sha256(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function keysOf(objects: ObjectStore, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of objects.list(prefix)) keys.push(key);
  return keys;
}

/** What every object store must keep. `open` gives an empty one. */
export function objectStoreContract(name: string, open: () => Promise<ObjectStore & AsyncDisposable>): void {
  describe(`object store: ${name}`, () => {
    let objects: ObjectStore & AsyncDisposable;
    before(async () => {
      objects = await open();
    });
    after(async () => {
      await objects[Symbol.asyncDispose]();
    });

    it('gives back the bytes that were put, with their size, digest and URI', async () => {
      const bytes = randomBytes(100_000);
      const stored = await objects.put('bytes/one', bytes, 'application/octet-stream');
      const uri = `s3://${objects.bucket}/bytes/one`;
      assert.deepEqual(stored, { key: 'bytes/one', uri, size: 100_000, sha256: sha256(bytes) });
      assert.deepEqual(await objects.get('bytes/one'), bytes);
      assert.deepEqual(await objects.sha256('bytes/one'), stored);
      assert.equal((await objects.head('bytes/one'))?.size, 100_000);
    });

    it('holds an empty object, UTF-8 text, and keys with spaces, = and +', async () => {
      assert.equal((await objects.put('odd/empty', '')).size, 0);
      assert.equal((await objects.get('odd/empty')).length, 0);
      const key = 'odd/score_date=2005-10-01/v1 +ü.json';
      await objects.put(key, 'größer');
      assert.equal((await objects.get(key)).toString(), 'größer');
      assert.deepEqual(await keysOf(objects, 'odd/score_date='), [key]);
    });

    it('gives a range of an object as it was listed, and nothing of another one', async () => {
      await objects.put('ranges/one', 'abcdefgh');
      const etag = (await objects.head('ranges/one'))?.etag ?? '';
      assert.equal((await objects.getRange('ranges/one', { from: 2, to: 5, etag }))?.toString(), 'cde');
      assert.equal((await objects.getRange('ranges/one', { from: 0, to: 8, etag }))?.toString(), 'abcdefgh');
      await objects.put('ranges/one', 'other text');
      assert.equal(await objects.getRange('ranges/one', { from: 2, to: 5, etag }), undefined);
      await objects.put('ranges/one', 'x');
      assert.equal(await objects.getRange('ranges/one', { from: 2, to: 5, etag }), undefined);
      await objects.remove(['ranges/one']);
      assert.equal(await objects.getRange('ranges/one', { from: 2, to: 5, etag }), undefined);
    });

    it('overwrites by put', async () => {
      await objects.put('over/written', 'first');
      await objects.put('over/written', 'second');
      assert.equal((await objects.get('over/written')).toString(), 'second');
    });

    it('streams a file of many MiB in and out', async () => {
      await withScratchFolder(tmpdir(), async (folder) => {
        const bytes = randomBytes(12 * 1024 * 1024);
        await writeFile(join(folder, 'in'), bytes);
        const stored = await objects.putFile('files/large', join(folder, 'in'));
        assert.equal(stored.sha256, sha256(bytes));
        assert.deepEqual(await objects.getFile('files/large', join(folder, 'out')), stored);
        assert.deepEqual(await readFile(join(folder, 'out')), bytes);
        assert.deepEqual(await objects.get('files/large'), bytes);
      });
    });

    it('leaves no file behind when there is nothing to read', async () => {
      await withScratchFolder(tmpdir(), async (folder) => {
        const path = join(folder, 'out');
        await assert.rejects(objects.getFile('not/there', path), { code: 'OBJECT_NOT_FOUND' });
        await assert.rejects(stat(path), { code: 'ENOENT' });
      });
    });

    it('rejects a file that is too large by its URI, without its local path', async () => {
      await withScratchFolder(tmpdir(), async (folder) => {
        const path = join(folder, 'sparse');
        await writeFile(path, '');
        await truncate(path, 5 * 1024 ** 3 + 1);
        await assert.rejects(objects.putFile('files/too-large', path), (error: MillraceError) => {
          assert.equal(error.code, 'OBJECT_TOO_LARGE');
          assert.ok(error.message.includes(objects.uri('files/too-large')), error.message);
          assert.ok(!error.message.includes(folder), error.message);
          return true;
        });
      });
    });

    it('names no local path when a download cannot be written', async () => {
      await objects.put('files/small', 'x');
      await withScratchFolder(tmpdir(), async (folder) => {
        const path = join(folder, 'missing-folder', 'out');
        await assert.rejects(objects.getFile('files/small', path), (error: MillraceError) => {
          assert.ok(error.message.includes(objects.uri('files/small')), error.message);
          assert.ok(!inspect(error).includes(folder), inspect(error));
          return true;
        });
      });
    });

    it('answers OBJECT_NOT_FOUND for what is not there, and undefined for its head', async () => {
      await assert.rejects(objects.get('not/there'), { code: 'OBJECT_NOT_FOUND' });
      await assert.rejects(objects.sha256('not/there'), { code: 'OBJECT_NOT_FOUND' });
      assert.equal(await objects.head('not/there'), undefined);
    });

    it('never overwrites by putIfAbsent', async () => {
      const key = 'once/manifest.json';
      assert.deepEqual(await objects.putIfAbsent(key, 'first'), { written: true });
      assert.deepEqual(await objects.putIfAbsent(key, 'second'), { written: false });
      assert.deepEqual(await objects.putIfAbsent(key, 'first'), { written: false });
      assert.equal((await objects.get('once/manifest.json')).toString(), 'first');
    });

    it('lets one of twenty racing putIfAbsent win', async () => {
      const races = Array.from({ length: 20 }, (_, n) => objects.putIfAbsent('race/manifest.json', `${n}`));
      const results = await Promise.all(races);
      const winners = results.flatMap(({ written }, n) => (written ? [n] : []));
      assert.equal(winners.length, 1);
      assert.equal((await objects.get('race/manifest.json')).toString(), String(winners[0]));
    });

    it('lists more than one page, by prefix, and removes them all', async () => {
      const keys = Array.from({ length: 1_050 }, (_, n) => `pages/${String(n).padStart(4, '0')}`);
      for (let start = 0; start < keys.length; start += 150) {
        await Promise.all(keys.slice(start, start + 150).map((key) => objects.put(key, 'x')));
      }
      assert.deepEqual((await keysOf(objects, 'pages/')).sort(), keys);
      assert.equal((await keysOf(objects, 'pages/10')).length, 50);
      await objects.remove([...keys, 'pages/never-was']);
      assert.deepEqual(await keysOf(objects, 'pages/'), []);
    });

    it('goes on listing behind a key that is gone by then, with the keys of each folder together', async () => {
      const keys = ['r1/a', 'r1/manifest', 'r1/sub/b', 'r10/a', 'r2/a', 's/a', 's_2/a'].map(
        (key) => `on/${key}`,
      );
      for (const key of keys) await objects.put(key, 'x');
      const listed = await keysOf(objects, 'on/');
      assert.deepEqual(listed, keys);
      for (const [index, key] of keys.entries()) {
        await objects.remove([key]);
        const rest: string[] = [];
        for await (const found of objects.list('on/', key)) rest.push(found.key);
        assert.deepEqual(rest, keys.slice(index + 1));
      }
    });

    it('tells when an object was written, in UTC, the same to a head and a listing', async () => {
      const from = Date.now() - 1_000;
      await objects.put('time/one', 'x');
      const head = await objects.head('time/one');
      for await (const found of objects.list('time/')) assert.deepEqual(found, head);
      assert.match(head?.modifiedAt ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      const written = Date.parse(head?.modifiedAt ?? '');
      assert.ok(from <= written && written <= Date.now() + 1_000);
    });

    it('removes nothing when told to remove nothing', async () => {
      await objects.remove([]);
    });

    it('knows its own URIs and refuses those of others', () => {
      assert.equal(objects.keyOf(objects.uri('a/b')), 'a/b');
      for (const uri of [
        's3://another/a/b',
        `s3://${objects.bucket}/`,
        `s3://${objects.bucket}x/a`,
        'a/b',
        '',
      ]) {
        assert.throws(() => objects.keyOf(uri), { code: 'OBJECT_URI_INVALID' });
      }
    });

    describe('signed uploads', () => {
      const bytes = randomBytes(5_000);
      const file = { size: bytes.length, sha256: sha256(bytes) };
      const send = (url: string, headers: Readonly<Record<string, string>>, body: Buffer) =>
        fetch(url, { method: 'PUT', headers, body: new Uint8Array(body) });

      it('store exactly the file that was signed, also twice', async () => {
        const { url, headers } = await objects.signPut('signed/one', file, 60);
        assert.equal((await send(url, headers, bytes)).status, 200);
        assert.equal((await send(url, headers, bytes)).status, 200);
        assert.deepEqual(await objects.get('signed/one'), bytes);
      });

      it('reject a body with another size or another digest, and store nothing', async () => {
        const { url, headers } = await objects.signPut('signed/two', file, 60);
        const longer = Buffer.concat([bytes, bytes]);
        const { 'content-length': _, ...rest } = headers;
        assert.ok((await send(url, rest, longer)).status >= 400);
        assert.ok((await send(url, headers, randomBytes(5_000))).status >= 400);
        assert.equal(await objects.head('signed/two'), undefined);
      });

      it('reject a request that states another digest than the signed one, or none', async () => {
        const { url, headers } = await objects.signPut('signed/three', file, 60);
        const other = randomBytes(5_000);
        const checksum = Buffer.from(sha256(other), 'hex').toString('base64');
        const forged = await send(url, { ...headers, 'x-amz-checksum-sha256': checksum }, other);
        assert.equal(forged.status, 403);
        assert.equal((await send(url, { 'content-length': '5000' }, other)).status, 403);
        assert.equal(await objects.head('signed/three'), undefined);
      });

      it('reject another key, another method, and a request after the expiry', async () => {
        const { url, headers } = await objects.signPut('signed/four', file, 1);
        assert.equal((await send(url.replace('signed/four', 'signed/five'), headers, bytes)).status, 403);
        assert.equal((await fetch(url)).status, 403);
        await setTimeout(2_100);
        assert.equal((await send(url, headers, bytes)).status, 403);
        assert.equal(await objects.head('signed/four'), undefined);
      });
    });

    it('refuses keys that are no plain relative path', async () => {
      for (const key of ['', '/a', 'a/', 'a//b', '../a', 'a/../b', './a', 'a\nb', 'x'.repeat(1025)]) {
        await assert.rejects(objects.put(key, 'x'), { code: 'OBJECT_KEY_INVALID' });
        await assert.rejects(objects.get(key), { code: 'OBJECT_KEY_INVALID' });
      }
    });
  });
}
