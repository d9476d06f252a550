import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { openScoresIndex } from '#scoring/scores-index.ts';
import { createScoresStore, scoresManifestKey } from '#scoring/scores-store.ts';
import { scoresPrefix, type ScoresManifest, type ScoresRef } from '#scoring/scores.ts';
import { manifestOfShards } from '#test/support/scores.ts';
import { forThisFile, freshStores } from '#test/support/stores.ts';

const { objects, table } = await forThisFile(freshStores());
const store = createScoresStore(table, objects);

let tests = 0;
/** Each test has a pair of its own. */
let pair = { model: '', feature_set: 'behaviour' };
beforeEach(() => {
  tests += 1;
  pair = { ...pair, model: `risk${tests}` };
});

const ref = (change: Partial<ScoresRef> = {}): ScoresRef => ({
  ...pair,
  version: 1,
  score_date: '2026-02-03',
  revision: 1,
  ...change,
});

/** Two parts with this attempt's names, and the manifest that would commit them. */
async function uploaded(of: ScoresRef, attempt: string): Promise<ScoresManifest> {
  const shards = await Promise.all(
    [0, 1].map(async (index) => {
      const { key, size, sha256 } = await objects.put(
        `${scoresPrefix(of)}part-${index}.${attempt}.parquet`,
        attempt,
      );
      const tally = { features: [[5, 5, 0]], score: [9, 1, 0] };
      return { index, part: { key, size, sha256, rows: 10 }, declined: 1, probability_sum: 3, tally };
    }),
  );
  return manifestOfShards(of, shards.toReversed(), attempt);
}

async function keysUnder(prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of objects.list(prefix)) keys.push(key);
  return keys.sort();
}

test('the manifest adds the shards up, in their order', async () => {
  const manifest = await uploaded(ref(), 'a');
  assert.deepEqual([manifest.rows, manifest.declined, manifest.mean_probability], [20, 2, 0.3]);
  assert.deepEqual(
    manifest.parts.map(({ key }) => key.includes('part-0')),
    [true, false],
  );
  assert.deepEqual(
    manifest.drift.map(({ name, level }) => [name, level]),
    [
      ['x', 'ok'],
      ['(score)', 'alert'],
    ],
  );
  assert.deepEqual(manifest.schema[0], { name: 'entity', type: 'bigint' });
});

test('ten commits at once give one manifest, and every part beside it is named by it', async () => {
  const attempts = Array.from({ length: 10 }, (_, nth) => `attempt${nth}`);
  const manifests = await Promise.all(attempts.map((attempt) => uploaded(ref(), attempt)));
  const answers = await Promise.all(manifests.map((m) => createScoresStore(table, objects).commit(m)));

  const [winner] = answers;
  assert.ok(winner);
  for (const answer of answers) assert.deepEqual(answer, winner);
  assert.deepEqual(
    await keysUnder(scoresPrefix(ref())),
    [scoresManifestKey(ref()), ...winner.parts.map(({ key }) => key)].sort(),
  );
  const listed = await store.list(pair);
  assert.equal(listed.length, 1);
  assert.deepEqual(listed[0]?.drifting, ['(score)']);
});

test('a second commit adopts the first and removes its own parts only', async () => {
  const other = await store.commit(await uploaded(ref({ revision: 10 }), 'other'));
  const first = await store.commit(await uploaded(ref(), 'first'));
  const second = await store.commit(await uploaded(ref(), 'second'));
  assert.deepEqual(second, first);
  assert.deepEqual(await store.find(ref({ revision: 10 })), other);
  assert.equal((await keysUnder(`scores/model=${pair.model}/`)).length, 6);
});

test('scores whose part was swept are not committed, and who lost a race still gets what was', async () => {
  const manifest = await uploaded(ref(), 'swept');
  await objects.remove(manifest.parts.slice(1).map(({ key }) => key));
  await assert.rejects(store.commit(manifest), { code: 'SCORES_PART_GONE' });
  assert.equal(await store.find(ref()), undefined);

  const winner = await store.commit(await uploaded(ref(), 'winner'));
  assert.deepEqual(await store.commit(manifest), winner);
});

test('scores without a manifest do not exist', async () => {
  await uploaded(ref(), 'crashed');
  assert.equal(await store.find(ref()), undefined);
  assert.equal(await store.newest(pair, '2026-02-03'), undefined);
  assert.equal(await store.nextRevision(pair, 1, '2026-02-03'), 1);
});

test('a crash between manifest and table is mended by whoever looks next', async () => {
  const manifest = await uploaded(ref(), 'a');
  await objects.putIfAbsent(scoresManifestKey(ref()), JSON.stringify(manifest));
  assert.deepEqual(await store.list(pair), []);
  assert.deepEqual(await store.find(ref()), manifest);
  assert.equal((await store.list(pair)).length, 1);
});

test('the next revision skips one that the table has not heard of', async () => {
  await store.commit(await uploaded(ref(), 'a'));
  const second = ref({ revision: 2 });
  await objects.putIfAbsent(scoresManifestKey(second), JSON.stringify(await uploaded(second, 'b')));
  assert.equal(await store.nextRevision(pair, 1, '2026-02-03'), 3);
  assert.equal(await store.nextRevision(pair, 2, '2026-02-03'), 1);
});

test('the day’s scores are the last built, whatever their version; a version can be asked for', async () => {
  const index = openScoresIndex(table);
  const commit = async (version: number, built_at: string) =>
    store.commit({ ...(await uploaded(ref({ version }), `v${version}`)), built_at });
  await commit(2, '2026-02-03T06:00:00.000Z');
  await commit(1, '2026-02-03T07:00:00.000Z');
  await commit(10, '2026-02-03T05:00:00.000Z');
  assert.equal((await store.newest(pair, '2026-02-03'))?.version, 1);
  assert.equal((await store.newest(pair, '2026-02-03', 2))?.version, 2);
  assert.deepEqual(
    (await index.ofVersion(pair, '2026-02-03', 1)).map(({ version }) => version),
    [1],
  );
});

test('a listing holds both its dates and nothing of other pairs', async () => {
  for (const score_date of ['2026-02-01', '2026-02-02', '2026-02-03', '2026-02-04']) {
    await store.commit(await uploaded(ref({ score_date }), 'a'));
  }
  await store.commit(await uploaded(ref({ feature_set: 'behaviour2' }), 'a'));
  const dates = async (from?: string, to?: string) =>
    (await store.list(pair, from, to)).map((e) => e.score_date);
  assert.deepEqual(await dates('2026-02-02', '2026-02-03'), ['2026-02-02', '2026-02-03']);
  assert.equal((await dates()).length, 4);
});

test('a manifest that is not ours to read is an error, not an absence', async () => {
  await objects.put(scoresManifestKey(ref()), '{"rows":');
  await assert.rejects(store.find(ref()), { code: 'SCORES_MANIFEST_INVALID' });
});
