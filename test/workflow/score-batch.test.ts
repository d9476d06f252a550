import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Pair } from '#configs/pair.ts';
import { featureSet } from '#test/support/feature-configs.ts';
import { failureOf, run, start } from '#test/support/runs.ts';
import { applyDocuments, approved, newModel, putLake } from '#test/support/world-models.ts';
import { skippingWorld } from '#test/support/world.ts';
import { workflowId } from '#workflows/contract/ids.ts';
import type { ScoresSummary } from '#scoring/scores-summary.ts';
import type { ScoreInput } from '#workflows/contract/messages.ts';
import { forThisFile } from '#test/support/stores.ts';

const world = await forThisFile(skippingWorld());

let pair: Pair;
let configs: string;
before(async () => {
  await putLake(world);
  pair = await approved(world, await newModel(world));
  configs = (await world.configs.current()).base_digest;
});

function scores(score_date: string, revision = 1): ScoreInput {
  return { ref: { ...pair, version: 1, score_date, revision }, configs };
}

function score(input: ScoreInput): Promise<ScoresSummary> {
  return run<ScoresSummary>(world, 'scoreBatch', input, workflowId.score(input.ref));
}

test('a day scored twice is one result, from the newest partition that is fresh enough', async () => {
  const input = scores('2024-04-20');
  const first = await score(input);
  assert.equal(first.rows, 20);
  assert.ok(first.declined > 0 && first.declined < 20);
  assert.deepEqual(await score(input), first);
  const manifest = await world.scores.find(input.ref);
  assert.deepEqual([manifest?.partition.dt, manifest?.score_date], ['2024-04-01', '2024-04-20']);
});

test('a partition that nobody has built is built on the way', async () => {
  const input = scores('2024-06-03');
  await score(input);
  assert.equal((await world.scores.find(input.ref))?.partition.dt, '2024-06-01');
});

test('while the newest partition cannot be built, an older one that is fresh enough serves, and is named', async () => {
  const sql = `SELECT account, CASE WHEN {{ ds }} = DATE '2024-06-01' THEN -1.0 ELSE credit END AS credit, 1.0 AS paid, 1 AS payments FROM {{ sources.accounts }}`;
  const check = { expect_column_values_to_be_between: { column: 'credit', min_value: 0 } };
  await applyDocuments(world, featureSet({ name: 'moody', sql, sources: ['accounts'], checks: [check] }));
  const moody = await approved(world, await newModel(world, {}, { set: 'moody' }));
  const current = (await world.configs.current()).base_digest;
  const day = (score_date: string): ScoreInput => ({
    ref: { ...moody, version: 1, score_date, revision: 1 },
    configs: current,
  });
  for (const date of ['2024-05-20', '2024-06-03']) {
    await score(day(date));
    assert.equal((await world.scores.find(day(date).ref))?.partition.dt, '2024-05-01');
  }
  // On this day the older one is too old.
  assert.equal((await failureOf(start(world, 'scoreBatch', day('2024-06-10')))).type, 'CHECK_FAILED');
});

test('a refresh stands beside the scores it refreshes', async () => {
  const [first, second] = [await score(scores('2024-04-21')), await score(scores('2024-04-21', 2))];
  assert.notEqual(first.manifest_key, second.manifest_key);
  assert.deepEqual([second.rows, second.declined], [first.rows, first.declined]);
});

test('a day that no partition can serve is refused by its code', async () => {
  const failure = await failureOf(start(world, 'scoreBatch', scores('2023-12-31')));
  assert.equal(failure.type, 'SCORES_NO_PARTITION');
});

test('a version whose model file was changed scores nothing', async () => {
  const other = await approved(world, await newModel(world));
  const { artifacts } = await world.registry.version(other, 1);
  const onnx = artifacts.find(({ name }) => name === 'model.onnx');
  await world.objects.put(onnx?.key ?? '', 'something else');
  const ref = { ...other, version: 1, score_date: '2024-04-20', revision: 1 };
  const current = (await world.configs.current()).base_digest;
  const failure = await failureOf(start(world, 'scoreBatch', { ref, configs: current }));
  assert.equal(failure.type, 'SCORE_FILE_DIGEST_MISMATCH');
  assert.equal(await world.scores.find(ref), undefined);
});
