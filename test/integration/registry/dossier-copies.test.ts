import assert from 'node:assert/strict';
import { afterEach, before, describe, it } from 'node:test';
import type { Pair } from '#configs/pair.ts';
import { dossierPrefix, segmentKey } from '#registry/dossier/segments.ts';
import { writeDossier } from '#bench/growth/write-dossier.ts';
import { bytesOf, entryTexts, segmentsOf, verifyAll } from '#test/support/dossiers.ts';
import { approval, deploymentOf, freshPair, trainedVersion, withRegistry } from '#test/support/registry.ts';

const DUE = '2026-02-01T00:00:00.000Z';
const MISSING = 'its copy in the object store is missing';
const OTHER = 'its copy in the object store has other bytes';
const BEYOND = 'the object store has a copy of an entry that the registry lacks';

const stores = await withRegistry();
const { registry, objects } = stores;

/** Two entries, each in a segment of its own. */
async function twoSegments(): Promise<Pair> {
  const pair = freshPair();
  await registry.registerVersion(await trainedVersion(objects, pair));
  await registry.deliverDossier(pair);
  await registry.judge(await approval(registry, pair, 1));
  await registry.deliverDossier(pair);
  return pair;
}

describe('copies of a dossier', () => {
  it('are one small object per delivery, and together, in the order of keys, the dossier', async () => {
    const pair = await twoSegments();
    for (const deployment of [1, 2, 3]) await registry.schedule(deploymentOf(pair, deployment, 1, DUE));
    assert.deepEqual(await registry.deliverDossier(pair), { dossier_segments: 3 });
    assert.deepEqual([...(await segmentsOf(objects, pair)).keys()], [1, 2, 3]);
    assert.deepEqual(await bytesOf(objects, pair), await entryTexts(registry, pair));
    const check = await registry.verifyDossier(pair);
    assert.deepEqual(check, { verified: true, entries: 5, copies: 5, problems: [] });
  });

  it('grow while entries are written, without a gap and without an overlap', async () => {
    const other = freshPair();
    await registry.registerVersion(await trainedVersion(objects, other));
    await registry.judge(await approval(registry, other, 1));
    await Promise.all([
      ...Array.from({ length: 10 }, (_, i) => registry.schedule(deploymentOf(other, i + 1, 1, DUE))),
      ...Array.from({ length: 10 }, () => registry.deliverDossier(other)),
    ]);
    await registry.deliverDossier(other);
    assert.deepEqual(await registry.verifyDossier(other), {
      verified: true,
      entries: 12,
      copies: 12,
      problems: [],
    });
    assert.deepEqual(await bytesOf(objects, other), await entryTexts(registry, other));
  });

  it('are not written over one that was changed, which the check shows', async () => {
    const other = freshPair();
    await registry.registerVersion(await trainedVersion(objects, other));
    for (const bytes of ['{}', '']) {
      await objects.put(segmentKey(other, 1), bytes);
      await assert.rejects(registry.deliverDossier(other), { code: 'DOSSIER_COPY_DIFFERS' });
      assert.equal((await objects.get(segmentKey(other, 1))).toString(), bytes);
      assert.deepEqual((await registry.verifyDossier(other)).problems, [{ seq: 1, problem: OTHER }]);
    }
    assert.equal((await registry.state(other)).dossier.copied, 0);
  });

  it('show when one is missing, one of the same size differs, and one is past the end', async () => {
    const pair = await twoSegments();
    const second = (await objects.get(segmentKey(pair, 2))).toString();
    await objects.put(segmentKey(pair, 2), second.replace('"', "'"));
    await objects.put(segmentKey(pair, 3), second);
    await objects.remove([segmentKey(pair, 1)]);
    assert.deepEqual((await registry.verifyDossier(pair)).problems, [
      { seq: 1, problem: MISSING },
      { seq: 2, problem: OTHER },
      { seq: 3, problem: BEYOND },
    ]);
  });

  it('of an earlier build are refused and not misread, while the dossier is copied anew', async () => {
    const pair = await twoSegments();
    const [text] = (await entryTexts(registry, pair)).split('\n');
    for (const name of ['entry=000001.json', 'from=00000000.jsonl', 'from=00000001.jsonl.bak', 'notes']) {
      await objects.put(`${dossierPrefix(pair)}${name}`, text ?? '');
      for (const limit of [1, 2]) {
        await assert.rejects(verifyAll(registry, pair, limit), { code: 'DOSSIER_COPY_UNKNOWN' });
      }
      await objects.remove([`${dossierPrefix(pair)}${name}`]);
    }
    assert.deepEqual((await registry.verifyDossier(pair)).problems, []);
  });
});

describe('copies of a backlog', () => {
  const pair = freshPair();
  let copied: ReadonlyMap<number, string>;

  before(async () => {
    await writeDossier(stores.table, pair, 2_500);
    await registry.deliverDossier(pair);
    copied = await segmentsOf(objects, pair);
  });

  afterEach(async () => {
    for (const from of (await segmentsOf(objects, pair)).keys()) {
      if (!copied.has(from)) await objects.remove([segmentKey(pair, from)]);
    }
    for (const [from, text] of copied) await objects.put(segmentKey(pair, from), text);
  });

  it('are a thousand entries per object', async () => {
    assert.deepEqual([...copied.keys()], [1, 1_001, 2_001]);
    assert.deepEqual(await bytesOf(objects, pair), await entryTexts(registry, pair));
    const whole = { entries: 2_500, copies: 2_500, problems: [] };
    for (const limit of [700, 1_000, 10_000]) {
      assert.deepEqual(await verifyAll(registry, pair, limit), whole);
    }
  });

  it('show one flipped byte by the entry that holds it', async () => {
    const flipped = await objects.get(segmentKey(pair, 1_001));
    const lines = flipped.toString().split('\n');
    // In the middle of entry 1,501, and the line break behind entry 1,700.
    for (const [at, seq] of [
      [lines.slice(0, 500).join('\n').length + 100, 1_501],
      [lines.slice(0, 700).join('\n').length, 1_700],
    ] as const) {
      const bytes = Buffer.from(flipped);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      await objects.put(segmentKey(pair, 1_001), bytes);
      for (const limit of [300, 10_000]) {
        const { problems } = await verifyAll(registry, pair, limit);
        assert.deepEqual(problems, [{ seq, problem: OTHER }]);
      }
    }
  });

  it('show a tail that was cut by every entry it lacks', async () => {
    const whole = await objects.get(segmentKey(pair, 2_001));
    const cutAfter = whole.toString().split('\n').slice(0, 498).join('\n').length;
    await objects.put(segmentKey(pair, 2_001), whole.subarray(0, cutAfter + 1));
    const cut = await verifyAll(registry, pair, 10_000);
    assert.deepEqual(cut.problems, [
      { seq: 2_499, problem: MISSING },
      { seq: 2_500, problem: MISSING },
    ]);
    assert.equal(cut.copies, 2_498);
    await objects.put(segmentKey(pair, 2_001), whole.subarray(0, cutAfter + 20));
    assert.deepEqual((await verifyAll(registry, pair, 10_000)).problems, [
      { seq: 2_499, problem: OTHER },
      { seq: 2_500, problem: MISSING },
    ]);
  });

  it('show a missing segment, and lines and segments past the end', async () => {
    await objects.remove([segmentKey(pair, 1_001)]);
    const { problems } = await verifyAll(registry, pair, 10_000);
    assert.equal(problems.length, 1_000);
    assert.deepEqual(problems.at(0), { seq: 1_001, problem: MISSING });
    assert.deepEqual(problems.at(-1), { seq: 2_000, problem: MISSING });
    await registry.deliverDossier(pair);
    assert.equal((await verifyAll(registry, pair, 10_000)).problems.length, 1_000, 'nothing hides the loss');

    const last = await objects.get(segmentKey(pair, 2_001));
    const line = '{"seq":2501}\n';
    await objects.put(segmentKey(pair, 2_001), Buffer.concat([last, Buffer.from(line)]));
    await objects.put(segmentKey(pair, 7_001), line);
    for (const limit of [450, 10_000]) {
      const found = (await verifyAll(registry, pair, limit)).problems.slice(1_000);
      assert.deepEqual(found, [
        { seq: 2_501, problem: BEYOND },
        { seq: 7_001, problem: BEYOND },
      ]);
    }
  });

  it('show a segment within another one only if it differs, and one that goes on into the next block', async () => {
    const lines = (await objects.get(segmentKey(pair, 1))).toString().split('\n');
    await objects.put(segmentKey(pair, 5), `${lines[4]}\n${lines[5]}\n`);
    assert.deepEqual((await verifyAll(registry, pair, 10_000)).problems, []);
    await objects.put(segmentKey(pair, 5), `${lines[4]}\n${lines[6]}\n`);
    assert.deepEqual((await verifyAll(registry, pair, 10_000)).problems, [{ seq: 6, problem: OTHER }]);
    await objects.remove([segmentKey(pair, 5)]);
    const first = await objects.get(segmentKey(pair, 1));
    await objects.put(segmentKey(pair, 1), Buffer.concat([first, Buffer.from('{}\n')]));
    assert.deepEqual((await verifyAll(registry, pair, 10_000)).problems, [{ seq: 1_000, problem: OTHER }]);
  });
});
