import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { canonicalJson } from '#configs/canonical.ts';
import { readEnvironment } from '#configs/environment.ts';
import type { Pair } from '#configs/pair.ts';
import { createS3ObjectStore } from '#platform/objects/s3-object-store.ts';
import { openTable } from '#platform/table/table.ts';
import { segmentKey } from '#registry/dossier/segments.ts';
import { createRegistry } from '#registry/registry.ts';
import { writeDossier } from '#bench/growth/write-dossier.ts';
import { bytesOf, entryTexts, segmentsOf, verifyAll } from '#test/support/dossiers.ts';
import { startFaultProxy } from '#test/support/fault-proxy.ts';
import { approval, deploymentOf, freshPair, trainedVersion, withRegistry } from '#test/support/registry.ts';

const LIVE_AT = '2099-01-01T00:00:00.000Z';

const stores = await withRegistry();
const { registry, objects } = stores;
const env = readEnvironment();

/** Another process, whose marks and puts can be kept back. */
async function openOther() {
  const toTable = await startFaultProxy(env.MILLRACE_TABLE_ENDPOINT ?? '');
  const toObjects = await startFaultProxy(env.MILLRACE_S3_ENDPOINT ?? '');
  const table = openTable({ ...env, MILLRACE_TABLE_ENDPOINT: toTable.url }, stores.table.name);
  const s3 = createS3ObjectStore({ ...env, MILLRACE_S3_ENDPOINT: toObjects.url }, objects.bucket);
  return {
    registry: createRegistry(table, s3),
    marks: () => toTable.hold('before', ({ body }) => body.includes('dossier_segments')),
    puts: (pair: Pair, from: number) =>
      toObjects.hold(
        'before',
        ({ method, path }) => method === 'PUT' && path.includes(segmentKey(pair, from)),
      ),
    async [Symbol.asyncDispose]() {
      table.client.destroy();
      await s3[Symbol.asyncDispose]();
      await toTable[Symbol.asyncDispose]();
      await toObjects[Symbol.asyncDispose]();
    },
  };
}

describe('copies of a dossier that are delivered again', () => {
  let pair: Pair;
  beforeEach(async () => {
    pair = freshPair();
    await registry.registerVersion(await trainedVersion(objects, pair));
    await registry.judge(await approval(registry, pair, 1));
  });

  async function growTo(count: number): Promise<void> {
    const { dossier } = await registry.state(pair);
    for (let seq = dossier.count + 1; seq <= count; seq += 1) {
      await registry.schedule(deploymentOf(pair, seq - 2, 1, LIVE_AT));
    }
  }

  /** Every entry is copied once, and marked. */
  async function assertCopied(firsts: readonly number[], count: number): Promise<void> {
    assert.deepEqual([...(await segmentsOf(objects, pair)).keys()], firsts);
    assert.deepEqual(await bytesOf(objects, pair), await entryTexts(registry, pair));
    assert.equal((await registry.state(pair)).dossier.copied, count);
    assert.deepEqual(await verifyAll(registry, pair, 10_000), {
      entries: count,
      copies: count,
      problems: [],
    });
  }

  it('reach the end when a crash came between the copy and its mark, and when many deliver at once', async () => {
    await registry.deliverDossier(pair);
    await growTo(3);
    const { items } = await registry.dossier(pair);
    const { digest: _digest, ...entry } = items[2] ?? assert.fail();
    await objects.put(segmentKey(pair, 3), `${canonicalJson(entry)}\n`);
    await Promise.all(Array.from({ length: 10 }, () => registry.deliverDossier(pair)));
    await assertCopied([1, 3], 3);
  });

  it('keep the segment of a crash before its mark when there are more entries by then', async () => {
    await using other = await openOther();
    const marks = other.marks();
    const dying = other.registry.deliverDossier(pair);
    await marks.reached;
    assert.equal((await registry.state(pair)).dossier.copied, 0, 'nothing is marked yet');
    await growTo(5);
    assert.deepEqual(await registry.deliverDossier(pair), { dossier_segments: 5 });
    await assertCopied([1, 3], 5);
    await marks.release();
    await dying;
    await assertCopied([1, 3], 5);
  });

  it('mark the longer segment that another process wrote and did not mark', async () => {
    await using late = await openOther();
    await using dying = await openOther();
    const put = late.puts(pair, 1);
    const shorter = late.registry.deliverDossier(pair);
    await put.reached;
    await growTo(4);
    const marks = dying.marks();
    const longer = dying.registry.deliverDossier(pair);
    await marks.reached;
    await put.release();
    await shorter;
    await assertCopied([1], 4);
    await growTo(5);
    await registry.deliverDossier(pair);
    await assertCopied([1, 5], 5);
    await marks.release();
    await longer;
    await assertCopied([1, 5], 5);
  });

  it('refuse the segment of a crash that somebody changed', async () => {
    await using other = await openOther();
    const marks = other.marks();
    const dying = other.registry.deliverDossier(pair);
    await marks.reached;
    const bytes = await objects.get(segmentKey(pair, 1));
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    await objects.put(segmentKey(pair, 1), bytes);
    await growTo(4);
    await assert.rejects(registry.deliverDossier(pair), { code: 'DOSSIER_COPY_DIFFERS' });
    assert.equal((await registry.state(pair)).dossier.copied, 0);
    await marks.release();
    await dying;
  });

  it('of a backlog resume from the last mark, and adopt what was copied beyond it', async () => {
    pair = freshPair();
    await writeDossier(stores.table, pair, 3_300);
    await using other = await openOther();
    const put = other.puts(pair, 1_001);
    const marks = other.marks();
    const dying = other.registry.deliverDossier(pair);
    await Promise.all([put.reached, marks.reached]);
    await marks.release();
    // The later blocks do not wait for the one whose copy is held back, but their marks do.
    while ((await segmentsOf(objects, pair)).size < 3 || (await registry.state(pair)).dossier.copied === 0) {
      await new Promise((done) => setTimeout(done, 20));
    }
    assert.deepEqual([...(await segmentsOf(objects, pair)).keys()], [1, 2_001, 3_001]);
    assert.equal((await registry.state(pair)).dossier.copied, 1_000);
    const ahead = await verifyAll(registry, pair, 10_000);
    assert.deepEqual(
      ahead,
      { entries: 3_300, copies: 2_300, problems: [] },
      'a copy that is not marked yet may be missing',
    );
    assert.deepEqual(await registry.deliverDossier(pair), { dossier_segments: 2_300 });
    await put.release();
    await dying;
    await assertCopied([1, 1_001, 2_001, 3_001], 3_300);
  });
});
