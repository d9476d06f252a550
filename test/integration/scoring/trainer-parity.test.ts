import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { sha256Hex } from '#configs/canonical.ts';
import { readEnvironment } from '#configs/environment.ts';
import type { Artifact } from '#training/record.ts';
import { planShards } from '#scoring/plan.ts';
import { scoreShard } from '#scoring/score-shard.ts';
import { measureDrift } from '#scoring/drift.ts';
import { parseSignature } from '#scoring/signature.ts';
import { putParquet, readParquet } from '#test/support/feature-parts.ts';
import { forThisFile, freshBucket } from '#test/support/stores.ts';

const objects = await forThisFile(freshBucket());
const folder = await mkdtemp(join(tmpdir(), 'parity-'));
after(async () => {
  await rm(folder, { recursive: true });
});

const features = [
  { name: 'usage', type: 'double', monotonic: 'increasing' },
  { name: 'late', type: 'boolean' },
  { name: 'months', type: 'bigint' },
  { name: 'town', type: 'string' },
] as const;

/** Missing numbers and strings, values far apart, and towns that only the held-out rows have. */
const FRAME = `
  SELECT id::BIGINT AS id, DATE '2026-01-01' AS dt,
    CASE WHEN id % 17 = 0 THEN NULL ELSE 1000 * sin(id) END::DOUBLE AS usage,
    CASE WHEN id % 13 = 0 THEN NULL ELSE id % 3 = 0 END AS late,
    (id * 7919 % 120)::BIGINT AS months,
    CASE WHEN id % 19 = 0 THEN NULL WHEN id % 997 = 0 THEN 'rare' || id ELSE 'town' || id % 5 END AS town,
    CASE WHEN sin(id) + (id % 3 = 0)::INT + cos(id * 31) > 0.8 THEN 1 ELSE 0 END::DOUBLE AS label
  FROM range(6000) t(id)`;

async function train(name: string, estimator: unknown, params: object): Promise<readonly Artifact[]> {
  const { key } = await putParquet(objects, `frames/${name}.parquet`, FRAME);
  const frame = join(folder, `${name}.parquet`);
  const { sha256 } = await objects.getFile(key, frame);
  const output = join(folder, name);
  const spec = join(folder, `${name}.json`);
  const input = JSON.stringify({
    spec_version: 1,
    model: 'risk',
    feature_set: 'behaviour',
    training_id: name,
    as_of: '2026-03-01',
    estimator,
    params,
    seed: 7,
    packages: ['sklearn', 'lightgbm'],
    split: { kind: 'by_entity', test_share: 0.3 },
    gates: {},
    cut_off: 0.5,
    columns: { entity: 'id', partition: 'dt', label: 'label', features, attributes: [] },
    frame: { uri: frame, sha256, rows: 6000 },
    output: { uri: `${output}/` },
  });
  await writeFile(spec, input);
  const env = {
    ...process.env,
    PYTHONPATH: 'trainer',
    MILLRACE_JOB_INPUT_URI: spec,
    MILLRACE_JOB_INPUT_SHA256: sha256Hex(input),
    OMP_NUM_THREADS: '1',
  };
  await promisify(execFile)(readEnvironment().MILLRACE_PYTHON, ['-m', 'millrace_trainer'], { env });
  return Promise.all(
    ['model.onnx', 'signature.json', 'reference_scores.parquet'].map(async (file) => ({
      name: file,
      ...(await objects.putFile(`models/${name}/${file}`, join(output, file))),
    })),
  );
}

async function assertServedAsTrained(name: string, artifacts: readonly Artifact[]): Promise<void> {
  const part = await putParquet(objects, `features/${name}.parquet`, FRAME);
  const served: Record<string, unknown>[] = [];
  const signature = parseSignature((await objects.get(`models/${name}/signature.json`)).toString(), name);
  const ref = { model: name, feature_set: 'behaviour', version: 1, score_date: '2026-01-02', revision: 1 };
  for (const shard of planShards([part], 4000)) {
    const input = { ref, shard, partition_date: '2026-01-01', artifacts, cut_off: 0.5 };
    const scored = await scoreShard({ objects, scratch: folder }, input);
    served.push(...(await readParquet(objects, [scored.part.key])));
    const thresholds = { psi_warn: 0.1, psi_alert: 0.25 };
    const drift = measureDrift(signature, scored.tally, thresholds);
    assert.deepEqual(
      drift.filter(({ level }) => level === 'alert'),
      [],
    );
  }
  const reference = await readParquet(objects, [`models/${name}/reference_scores.parquet`]);
  assert.equal(reference.length, 6000);
  const trained = new Map(reference.map((row) => [Number(row['id']), Number(row['probability'])]));
  const distances = served.map((row) =>
    Math.abs(Number(row['probability']) - (trained.get(Number(row['entity'])) ?? Number.NaN)),
  );
  assert.equal(distances.length, 6000);
  assert.ok(Math.max(...distances) <= 1e-5, `largest difference ${Math.max(...distances)}`);
  const declined = served.filter((row) => row['declined'] === true);
  assert.ok(declined.length > 100);
  assert.ok(
    declined.filter((row) => (row['reasons'] as unknown[]).length > 0).length > 0.9 * declined.length,
  );
}

test('LightGBM, trained by the trainer, is served as it was trained on every row', async () => {
  await assertServedAsTrained(
    'boosted',
    await train('boosted', 'lightgbm.LGBMClassifier', { n_estimators: 60 }),
  );
});

test('a scikit-learn pipeline, trained by the trainer, is served as it was trained on every row', async () => {
  const pipeline = [
    { class: 'sklearn.preprocessing.StandardScaler', params: {} },
    { class: 'sklearn.linear_model.LogisticRegression', params: { C: 0.5 } },
  ];
  await assertServedAsTrained('linear', await train('linear', { pipeline }, {}));
});
