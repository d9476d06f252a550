import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commitFolders } from '#activities/commit-folders.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { sweepStrays, type Sweep } from '#platform/manifests/sweep-strays.ts';
import { freshBucket } from '#test/support/stores.ts';

const DEFINITION = '0123456789abcdef0123456789abcdef';
const FEATURES = `features/behaviour/${DEFINITION}/dt=2024-01-01/r1/`;
const REVISED = `features/behaviour/${DEFINITION}/dt=2024-01-01/r10/`;
const TRAINING = `models/model=risk/feature_set=behaviour/training=2024-03-01-${DEFINITION}/`;
const UPLOAD = `uploads/model=risk/feature_set=behaviour/upload=${DEFINITION}/`;
const SCORES = 'scores/model=risk/feature_set=behaviour/score_date=2024-03-02/version=3/r1/';

const inHours = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString();

async function put(objects: ObjectStore, keys: readonly string[]): Promise<void> {
  for (let from = 0; from < keys.length; from += 100)
    await Promise.all(keys.slice(from, from + 100).map((key) => objects.put(key, 'x')));
}

/** A manifest as all kinds have it: what it names stands somewhere inside. */
async function commit(objects: ObjectStore, folder: string, names: readonly string[]): Promise<void> {
  const parts = names.map((name) => ({ key: `${folder}${name}`, rows: 1 }));
  await objects.put(`${folder}manifest.json`, JSON.stringify({ parts, note: 'x' }, undefined, 2));
}

async function keysOf(objects: ObjectStore, prefix = ''): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of objects.list(prefix)) keys.push(key);
  return keys.sort();
}

/** The whole store, page by page. */
async function sweepAll(
  objects: ObjectStore,
  sweep: Sweep,
  isRunning: (workflowId: string) => Promise<boolean> = async () => false,
) {
  const removed: string[] = [];
  let pages = 0;
  for (const folders of commitFolders(isRunning)) {
    for (let after: string | undefined, more = true; more; pages += 1) {
      const page = await sweepStrays(objects, folders, {
        ...sweep,
        ...(after === undefined ? {} : { after }),
      });
      removed.push(...page.removed);
      after = page.next;
      more = after !== undefined;
    }
  }
  return { removed: removed.sort(), pages };
}

test('what no manifest names goes a day after it was written; what one names, and all else in the bucket, stays', async () => {
  await using objects = await freshBucket();
  const strays = [
    `${FEATURES}part-crashed.parquet`,
    `${REVISED}part-never-committed.parquet`,
    `${TRAINING}attempt=job-1/model.onnx`,
    `${TRAINING}attempt=job-2/result.json`,
    `${TRAINING}frame/part-1.parquet`,
    `${SCORES}part-crashed.parquet`,
    `${UPLOAD}files/model.onnx`,
    `${UPLOAD}upload.json`,
  ];
  const named = [
    `${FEATURES}part-0.parquet`,
    `${TRAINING}attempt=job-2/model.onnx`,
    `${SCORES}part-0.parquet`,
  ];
  const elsewhere = [
    'airflow/dags/risk.json',
    'cards/0123.json',
    'configs/documents/0123.json',
    'dossiers/risk/1.json',
    'features/read-me.txt',
    `features/behaviour/${DEFINITION}/notes.txt`,
    'raw/statements/a.parquet',
  ];
  await put(objects, [...strays, ...named, ...elsewhere]);
  await commit(objects, FEATURES, ['part-0.parquet']);
  await commit(objects, TRAINING, ['attempt=job-2/model.onnx']);
  await commit(objects, SCORES, ['part-0.parquet']);
  const before = await keysOf(objects);

  assert.deepEqual((await sweepAll(objects, { now: inHours(23) })).removed, []);
  assert.deepEqual(await keysOf(objects), before);
  assert.deepEqual((await sweepAll(objects, { now: inHours(25) })).removed, strays.toSorted());
  assert.deepEqual(
    await keysOf(objects),
    before.filter((key) => !strays.includes(key)),
  );
  assert.deepEqual((await sweepAll(objects, { now: inHours(25) })).removed, []);
});

test('a folder whose workflow still runs keeps its files however old they are, each kind by the id of its own writer', async () => {
  await using objects = await freshBucket();
  const files = [`${REVISED}part-0.parquet`, `${TRAINING}frame/part-1.parquet`, `${SCORES}part-0.parquet`];
  await put(objects, files);
  const asked: string[] = [];
  const running = async (id: string): Promise<boolean> => {
    asked.push(id);
    return true;
  };
  assert.deepEqual((await sweepAll(objects, { now: inHours(24 * 365) }, running)).removed, []);
  assert.deepEqual(asked, [
    `materialise/behaviour/${DEFINITION}/2024-01-01/r10`,
    `train/risk/behaviour/${DEFINITION}/2024-03-01`,
    'score/risk/behaviour/v3/2024-03-02/r1',
  ]);
  assert.deepEqual((await sweepAll(objects, { now: inHours(25) })).removed, files);
});

test('a training that an import writes stays open while the import runs', async () => {
  await using objects = await freshBucket();
  const copy = `${TRAINING}imported/model.onnx`;
  await put(objects, [copy]);
  const asked: string[] = [];
  const importRuns = async (id: string): Promise<boolean> => {
    asked.push(id);
    return id.startsWith('import/');
  };
  assert.deepEqual((await sweepAll(objects, { now: inHours(25) }, importRuns)).removed, []);
  const tail = `risk/behaviour/${DEFINITION}/2024-03-01`;
  assert.deepEqual(asked, [`train/${tail}`, `import/${tail}`]);
  assert.deepEqual((await sweepAll(objects, { now: inHours(25) })).removed, [copy]);
});

test('a commit between the listing and the look at its workflow is seen', async () => {
  await using objects = await freshBucket();
  await put(objects, [`${SCORES}part-0.parquet`, `${SCORES}part-lost.parquet`]);
  const commitsAndEnds = async (): Promise<boolean> => {
    await commit(objects, SCORES, ['part-0.parquet']);
    return false;
  };
  const { removed } = await sweepAll(objects, { now: inHours(25) }, commitsAndEnds);
  assert.deepEqual(removed, [`${SCORES}part-lost.parquet`]);
});

test('beside a damaged manifest nothing is removed', async () => {
  await using objects = await freshBucket();
  await put(objects, [`${FEATURES}part-0.parquet`, `${FEATURES}part-1.parquet`]);
  for (const damaged of ['', '{"parts":[{"key":"features/', 'x'.repeat(10)]) {
    await objects.put(`${FEATURES}manifest.json`, damaged);
    assert.deepEqual((await sweepAll(objects, { now: inHours(48) })).removed, []);
  }
});

test('1,200 keys are swept page by page, no folder is cut in two, and the cursor may be a key that is gone', async () => {
  await using objects = await freshBucket();
  const folders = Array.from(
    { length: 12 },
    (_, index) => `features/behaviour/${DEFINITION}/dt=2024-01-${String(index + 1).padStart(2, '0')}/r1/`,
  );
  const parts = Array.from({ length: 99 }, (_, index) => `part-${String(index).padStart(2, '0')}.parquet`);
  await put(
    objects,
    folders.flatMap((folder) => parts.map((part) => `${folder}${part}`)),
  );
  // The odd ones were committed with half of their parts, the others crashed.
  const half = parts.slice(0, 50);
  for (const [index, folder] of folders.entries()) if (index % 2 === 1) await commit(objects, folder, half);

  const { removed, pages } = await sweepAll(objects, { now: inHours(25), most: 150 });
  assert.equal(removed.length, 6 * 99 + 6 * 49);
  // Six pages of two folders, and one empty page each of the other kinds.
  assert.equal(pages, 6 + 4);
  const kept = await keysOf(objects);
  assert.equal(kept.length, 6 * 51);
  assert.ok(kept.every((key) => key.endsWith('manifest.json') || half.some((part) => key.endsWith(part))));
});
