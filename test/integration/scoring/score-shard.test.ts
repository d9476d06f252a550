import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { beforeEach, test } from 'node:test';
import type { Artifact } from '#training/record.ts';
import { planShards } from '#scoring/plan.ts';
import { scoreShard, type ScoreShardInput } from '#scoring/score-shard.ts';
import type { Signature } from '#scoring/signature.ts';
import { putParquet, readParquet } from '#test/support/feature-parts.ts';
import { linearOnnx, signatureOf } from '#test/support/onnx-models.ts';
import { forThisFile, freshBucket } from '#test/support/stores.ts';

const objects = await forThisFile(freshBucket());

let tests = 0;
/** Each test has a model, and so keys, of its own. */
let scoresRef = { model: '', feature_set: 'behaviour', version: 3, score_date: '2026-02-03', revision: 1 };
beforeEach(() => {
  tests += 1;
  scoresRef = { ...scoresRef, model: `risk${tests}` };
});
const code = (code: string) => ({ name: 'MillraceError', code });

const signature = signatureOf([
  { name: 'usage', type: 'double', baseline: 0 },
  { name: 'town', type: 'string', baseline: 'ulm' },
  { name: 'late', type: 'boolean', baseline: 0 },
]);
const onnx = linearOnnx({
  bias: -1,
  numeric: [{ weight: 1 }, { weight: 0.5 }],
  categorical: { columns: 1, points: { ulm: 0, bonn: 1.5 } },
});

async function putModel(model: Buffer, described: Signature): Promise<readonly Artifact[]> {
  const files = { 'model.onnx': model, 'signature.json': Buffer.from(JSON.stringify(described)) };
  return Promise.all(
    Object.entries(files).map(async ([name, body]) => {
      const { key, size, sha256 } = await objects.put(`models/${scoresRef.model}/${name}`, body);
      return { name, key, size, sha256 };
    }),
  );
}

/** 5,000 rows over two parts, entities descending, with missing values; cut into shards of 3,000. */
async function prepare(): Promise<{ inputs: readonly ScoreShardInput[] }> {
  const rows = (from: number, to: number) => `
    SELECT id::BIGINT AS id, CASE WHEN id % 10 = 0 THEN NULL ELSE (id % 7 - 3) END::DOUBLE AS usage,
      CASE id % 3 WHEN 0 THEN 'ulm' WHEN 1 THEN 'bonn' END AS town, id % 2 = 0 AS late, 'unused' AS other
    FROM range(${from}, ${to}) t(id) ORDER BY id DESC`;
  const parts = [
    await putParquet(objects, `features/${scoresRef.model}/a.parquet`, rows(1000, 5000)),
    await putParquet(objects, `features/${scoresRef.model}/b.parquet`, rows(0, 1000)),
  ];
  const artifacts = await putModel(onnx, signature);
  const inputs = planShards(parts, 3000).map((shard) => ({
    ref: scoresRef,
    shard,
    partition_date: '2026-02-01',
    artifacts,
    cut_off: 0.5,
  }));
  return { inputs };
}

/** One shard over a part of one row, which the query selects. */
async function oneRow(query: string): Promise<ScoreShardInput> {
  const artifacts = await putModel(onnx, signature);
  const [shard] = planShards([await putParquet(objects, `features/${scoresRef.model}/c.parquet`, query)]);
  assert.ok(shard);
  return { ref: scoresRef, shard, partition_date: '2026-02-01', artifacts, cut_off: 0.5 };
}

function expected(id: number): { probability: number; reasons: string[] } {
  const usage = id % 10 === 0 ? 0 : (id % 7) - 3;
  const town = id % 3 === 1 ? 1.5 : 0;
  const late = id % 2 === 0 ? 0.5 : 0;
  const terms = [
    { name: 'usage', term: usage },
    { name: 'town', term: town },
    { name: 'late', term: late },
  ];
  const probability = 1 / (1 + Math.exp(1 - usage - town - late));
  const reasons = terms.filter(({ term }) => term > 0).sort((a, b) => b.term - a.term);
  return { probability, reasons: probability >= 0.5 ? reasons.map(({ name }) => name) : [] };
}

test('every row of every shard is scored once, ordered by entity, with dates, version and reasons', async () => {
  const { inputs } = await prepare();
  let beats = 0;
  const deps = { objects, scratch: tmpdir(), heartbeat: () => (beats += 1) };
  const shards = await Promise.all(inputs.map((input) => scoreShard(deps, input)));
  const rows = (await Promise.all(shards.map(async ({ part }) => readParquet(objects, [part.key])))).map(
    (part) => part.map((row) => ({ ...row, id: Number(row['entity']) })),
  );

  for (const part of rows)
    assert.deepEqual(
      part,
      part.toSorted((a, b) => a.id - b.id),
    );
  const all = rows.flat().sort((a, b) => a.id - b.id);
  assert.deepEqual(
    all.map(({ id }) => id),
    Array.from({ length: 5000 }, (_, id) => id),
  );
  for (const row of all as ((typeof all)[number] & Record<string, unknown>)[]) {
    const { probability, reasons } = expected(row.id);
    assert.ok(Math.abs(Number(row['probability']) - probability) < 1e-6, `row ${row.id}`);
    assert.equal(row['declined'], Number(row['probability']) >= 0.5);
    assert.deepEqual(row['reasons'], reasons, `row ${row.id}`);
    assert.deepEqual(
      [row['score_date'], row['partition_date'], row['version']],
      ['2026-02-03', '2026-02-01', 3],
    );
  }
  assert.equal(
    shards.reduce((sum, { part }) => sum + part.rows, 0),
    5000,
  );
  assert.equal(
    shards.reduce((sum, s) => sum + s.declined, 0),
    all.filter((row) => (row as Record<string, unknown>)['declined']).length,
  );
  assert.ok(beats >= 2);
});

test('entities that are neighbours above 2^53 keep their value, also as decimals', async () => {
  const types = ['BIGINT', 'DECIMAL(38,0)', 'DECIMAL(18,0)', 'DECIMAL(9,0)', 'DECIMAL(4,0)', 'VARCHAR'];
  for (const [index, type] of types.entries()) {
    const ids = ['DECIMAL(9,0)', 'DECIMAL(4,0)'].includes(type)
      ? ['-5', '7']
      : ['9007199254740992', '9007199254740993'];
    const values = ids.map((id) => `('${id}'::${type}, 0.5::DOUBLE, 'ulm', true)`).join(', ');
    scoresRef = { ...scoresRef, model: `${scoresRef.model}_${index}` };
    const input = await oneRow(`SELECT * FROM (VALUES ${values}) AS t(id, usage, town, late)`);
    const { part } = await scoreShard({ objects, scratch: tmpdir() }, input);
    const rows = await readParquet(objects, [part.key]);
    assert.deepEqual(
      rows.map(({ entity }) => String(entity)),
      ids,
      type,
    );
  }
});

test('the same shard scored twice gives the same bytes under two names', async () => {
  const [input] = (await prepare()).inputs;
  assert.ok(input);
  const first = await scoreShard({ objects, scratch: tmpdir() }, input);
  const second = await scoreShard({ objects, scratch: tmpdir() }, input);
  assert.equal(first.part.sha256, second.part.sha256);
  assert.notEqual(first.part.key, second.part.key);
  assert.deepEqual(first.tally, second.tally);
});

test('a model file changed by one byte is refused, and nothing is written', async () => {
  const [input] = (await prepare()).inputs;
  assert.ok(input);
  const tampered = Buffer.from(onnx);
  tampered.writeUInt8(tampered.readUInt8(40) ^ 1, 40);
  await objects.put(`models/${scoresRef.model}/model.onnx`, tampered);
  await assert.rejects(scoreShard({ objects, scratch: tmpdir() }, input), code('SCORE_FILE_DIGEST_MISMATCH'));
  for await (const { key } of objects.list(`scores/model=${scoresRef.model}/`))
    assert.fail(`${key} was written`);
});

test('a feature part exchanged for another is refused', async () => {
  const [input] = (await prepare()).inputs;
  assert.ok(input);
  await putParquet(objects, `features/${scoresRef.model}/a.parquet`, 'SELECT 1::BIGINT AS id');
  await assert.rejects(scoreShard({ objects, scratch: tmpdir() }, input), code('SCORE_FILE_DIGEST_MISMATCH'));
});

test('a part without a column of the model is refused by name', async () => {
  const input = await oneRow('SELECT 1::BIGINT AS id, 0.5::DOUBLE AS usage');
  await assert.rejects(
    scoreShard({ objects, scratch: tmpdir() }, input),
    (error: unknown) =>
      error instanceof Error &&
      'code' in error &&
      error.code === 'SCORE_COLUMN_MISSING' &&
      /town, late/.test(error.message),
  );
});

test('text in a column of numbers is refused without repeating the text', async () => {
  const input = await oneRow("SELECT 1::BIGINT AS id, 'secret' AS usage, 'ulm' AS town, true AS late");
  await assert.rejects(
    scoreShard({ objects, scratch: tmpdir() }, input),
    (error: unknown) =>
      error instanceof Error &&
      'code' in error &&
      error.code === 'SCORE_COLUMN_TYPE' &&
      !/secret/.test(String(error)),
  );
});

test('a version without a signature is refused', async () => {
  const [input] = (await prepare()).inputs;
  assert.ok(input);
  const artifacts = input.artifacts.filter(({ name }) => name !== 'signature.json');
  await assert.rejects(
    scoreShard({ objects, scratch: tmpdir() }, { ...input, artifacts }),
    code('MODEL_FILE_MISSING'),
  );
});

test('an aborted shard stops and writes nothing', async () => {
  const [input] = (await prepare()).inputs;
  assert.ok(input);
  const abort = new AbortController();
  const deps = { objects, scratch: tmpdir(), heartbeat: () => abort.abort(), signal: abort.signal };
  await assert.rejects(scoreShard(deps, input), { name: 'AbortError' });
  for await (const { key } of objects.list(`scores/model=${scoresRef.model}/`))
    assert.fail(`${key} was written`);
});

test('a part with fewer rows than its manifest says gives no scores', async () => {
  const { inputs } = await prepare();
  const [, last] = inputs;
  assert.ok(last);
  const slices = last.shard.slices.map((slice, index) =>
    index === 0 ? slice : { ...slice, rows: slice.rows + 1 },
  );
  const shard = { ...last.shard, slices, rows: last.shard.rows + 1 };
  await assert.rejects(
    scoreShard({ objects, scratch: tmpdir() }, { ...last, shard }),
    code('SCORE_ROWS_MISSING'),
  );
});
