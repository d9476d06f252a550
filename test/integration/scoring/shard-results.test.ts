import assert from 'node:assert/strict';
import { test } from 'node:test';
import pLimit from 'p-limit';
import { planShards } from '#scoring/plan.ts';
import type { ShardScores } from '#scoring/score-shard.ts';
import { scoresManifest } from '#scoring/scores-manifest.ts';
import { createShardResults } from '#scoring/shard-results.ts';
import { messageBytes, MOST_EVENT_BYTES } from '#test/support/history-size.ts';
import { signatureOf } from '#test/support/onnx-models.ts';
import { forThisFile, freshBucket } from '#test/support/stores.ts';

const objects = await forThisFile(freshBucket());
const results = createShardResults(objects);
const FEATURES = 300;
const BINS = 12;
const ref = { model: 'risk', feature_set: 'behaviour', version: 3, score_date: '2026-02-03', revision: 1 };
const sha256 = 'b'.repeat(64);

function shardsOf(shards: number, rows = 250_000) {
  return planShards([{ key: 'features/a.parquet', size: 1, sha256, rows: shards * rows }], rows);
}

function scoresOf(index: number, rows = 250_000): ShardScores {
  const counts = Array.from({ length: BINS }, (_, bin) => (bin === 0 ? rows : 0));
  return {
    index,
    part: { key: `scores/part-${index}.parquet`, size: 1, sha256, rows },
    declined: 10,
    probability_sum: rows / 2,
    tally: { features: Array.from({ length: FEATURES }, () => counts), score: counts },
  };
}

test('commits a thousand shards of three hundred features without a payload above 64 KB', async () => {
  const shards = shardsOf(1_000);
  const plan = await results.writePlan(ref, 'run-1', shards);
  assert.ok(messageBytes(plan) < MOST_EVENT_BYTES / 64);
  const limit = pLimit(32);
  await Promise.all(
    shards.map((shard) => limit(() => results.writeOrAdopt(plan, shard, scoresOf(shard.index)))),
  );
  // Another worker commits.
  const read = await createShardResults(objects).readAll(plan);
  const features = Array.from({ length: FEATURES }, (_, feature) => ({
    name: `f${feature}`,
    type: 'double' as const,
    baseline: 0,
  }));
  const manifest = scoresManifest({
    ref,
    partition: { feature_set: 'behaviour', definition_digest: 'd', dt: '2026-02-01', revision: 1 },
    shards: read,
    signature: signatureOf(features),
    entity: [{ name: 'id', type: 'bigint' }],
    cut_off: 0.5,
    thresholds: { psi_warn: 0.1, psi_alert: 0.25 },
    reason_texts: {},
    model_sha256: sha256,
    built_by: { workflow_id: 'w', run_id: 'r' },
    built_at: '2026-02-03T00:00:00.000Z',
  });
  assert.deepEqual(
    [manifest.rows, manifest.declined, manifest.parts.length, manifest.mean_probability],
    [250_000_000, 10_000, 1_000, 0.5],
  );
  assert.deepEqual(
    manifest.parts.map(({ key }) => key),
    shards.map(({ index }) => `scores/part-${index}.parquet`),
  );
});

test('keeps the first result of a shard, and gives it with its part to whoever comes later', async () => {
  const [shard] = shardsOf(1, 10);
  assert.ok(shard);
  const plan = await results.writePlan(ref, 'run-2', [shard]);
  assert.equal(await results.find(plan, shard), undefined);
  const first = scoresOf(0, 10);
  assert.deepEqual(await results.writeOrAdopt(plan, shard, first), first);
  const second = { ...first, declined: 11, part: { ...first.part, key: 'scores/later.parquet' } };
  assert.deepEqual((await results.writeOrAdopt(plan, shard, second)).part, first.part);
  assert.equal((await results.find(plan, shard))?.declined, 10);
});

test('keeps the plan of an earlier attempt, whose shards were other ones', async () => {
  const plan = await results.writePlan(ref, 'run-3', shardsOf(4, 10));
  assert.deepEqual(await results.writePlan(ref, 'run-3', shardsOf(2, 20)), plan);
  assert.equal((await results.shardsOf(plan)).length, 4);
});

test('rejects a result that was changed, belongs to another plan, or is gone', async () => {
  const [shard] = shardsOf(1, 10);
  assert.ok(shard);
  const plan = await results.writePlan(ref, 'run-4', [shard]);
  await results.writeOrAdopt(plan, shard, scoresOf(0, 10));
  const key = `${plan.key.slice(0, -'plan.json'.length)}${shard.name}.json`;
  const stored = (await objects.get(key)).toString();
  for (const damaged of [stored.replace('"declined":10', '"declined":12'), stored.slice(0, -5), '[]']) {
    await objects.put(key, damaged);
    await assert.rejects(results.readAll(plan), { code: 'SCORE_FILE_DIGEST_MISMATCH' });
  }
  await objects.put(key, stored);
  const other = { ...plan, sha256: 'c'.repeat(64) };
  await assert.rejects(results.find(other, shard), { code: 'SCORE_FILE_DIGEST_MISMATCH' });
  await objects.remove([key]);
  await assert.rejects(results.readAll(plan), { code: 'SCORES_PART_GONE' });
  await objects.remove([plan.key]);
  await assert.rejects(createShardResults(objects).readAll(plan), { code: 'SCORES_PART_GONE' });
});
