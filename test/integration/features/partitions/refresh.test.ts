import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FeatureConfigs } from '#catalog/feature-configs.ts';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import { rowsOf } from '#features/partitions/partition.ts';
import { planRefresh, standingAndStale, standingPartition } from '#features/partitions/refresh.ts';
import { servingPartition } from '#features/partitions/serving-partition.ts';
import { configsOf, featureSet } from '#test/support/feature-configs.ts';
import { type FeatureLake, putAccounts, putPayments, withFeatureLake } from '#test/support/feature-lake.ts';

const FEBRUARY = '2024-02-01';
const MAY = '2024-05-01';

const below = featureSet({ name: 'basics' });
const middle = featureSet({
  name: 'shares',
  sources: [],
  feature_sets: ['basics'],
  sql: 'SELECT account, paid / credit AS share FROM {{ features.basics }}',
  features: { share: 'double' },
});
const top = featureSet({
  name: 'tops',
  sources: [],
  feature_sets: ['shares'],
  sql: 'SELECT account, share * 2 AS twice FROM {{ features.shares }}',
  features: { twice: 'double' },
});
const sets = [below, middle, top];

async function withSets(work: (lake: FeatureLake, configs: FeatureConfigs) => Promise<void>): Promise<void> {
  await withFeatureLake(async (lake) => {
    await putAccounts(lake);
    await putPayments(lake, 'a', [2, '2024-01-10', 7, '2024-01-11']);
    await work(lake, configsOf(...sets));
  });
}

async function refreshAll(
  lake: FeatureLake,
  configs: FeatureConfigs,
  dt: string,
): Promise<readonly number[]> {
  const revisions: number[] = [];
  for (const set of sets) {
    const { ref, build } = await planRefresh(lake, set, configs, dt);
    if (build) await lake.commit(ref, configs);
    revisions.push(ref.revision);
  }
  return revisions;
}

const builds = async (lake: FeatureLake, configs: FeatureConfigs, dt: string): Promise<readonly boolean[]> =>
  Promise.all(sets.map(async (set) => (await planRefresh(lake, set, configs, dt)).build));

test('keeps partitions of dates that could see no row of a new file', async () => {
  await withSets(async (lake, configs) => {
    for (const dt of [FEBRUARY, MAY]) await refreshAll(lake, configs, dt);
    await putPayments(lake, 'next_day', [1, '2024-01-10', 5, '2024-02-02']);
    assert.deepEqual(await builds(lake, configs, FEBRUARY), [false, false, false]);
    assert.deepEqual(await builds(lake, configs, MAY), [true, true, true]);
  });
});

test('counts a file whose footer does not tell when its rows were known', async () => {
  await withSets(async (lake, configs) => {
    await refreshAll(lake, configs, FEBRUARY);
    await lake.put(
      'raw/payments/texts.parquet',
      "SELECT 1::BIGINT AS account, DATE '2024-04-10' AS paid_on, 5::DOUBLE AS amount, '2024-04-11' AS loaded_at",
    );
    assert.equal((await planRefresh(lake, below, configs, FEBRUARY)).build, true);
  });
});

test('does not count a file none of whose rows has a known time', async () => {
  await withSets(async (lake, configs) => {
    await refreshAll(lake, configs, FEBRUARY);
    await lake.put(
      'raw/payments/unknown.parquet',
      "SELECT 1::BIGINT AS account, DATE '2024-01-10' AS paid_on, 5::DOUBLE AS amount, NULL::DATE AS loaded_at",
    );
    assert.deepEqual(await builds(lake, configs, FEBRUARY), [false, false, false]);
  });
});

test('looks through sets on sets for changes of raw data', async () => {
  await withSets(async (lake, configs) => {
    assert.deepEqual(await refreshAll(lake, configs, FEBRUARY), [1, 1, 1]);
    await putPayments(lake, 'late', [1, '2024-01-12', 5, '2024-01-13']);
    assert.deepEqual(await builds(lake, configs, FEBRUARY), [true, true, true]);
    assert.deepEqual(await refreshAll(lake, configs, FEBRUARY), [2, 2, 2]);
    assert.deepEqual(await builds(lake, configs, FEBRUARY), [false, false, false]);
  });
});

test('changes nothing downstream when a partition is built again with the same rows', async () => {
  await withSets(async (lake, configs) => {
    await refreshAll(lake, configs, FEBRUARY);
    const { definition_digest } = lake.ref(below, configs, FEBRUARY);
    // A payment that the query does not count, since it happened on the date itself.
    await putPayments(lake, 'same', [1, FEBRUARY, 5, '2024-01-31']);
    const { ref, build } = await planRefresh(lake, below, configs, FEBRUARY);
    assert.deepEqual([build, ref.revision], [true, 2]);
    const again = await lake.commit(ref, configs);
    assert.equal(again.same_rows_as, 1);
    assert.deepEqual(rowsOf(again), lake.ref(below, configs, FEBRUARY));
    assert.deepEqual(await builds(lake, configs, FEBRUARY), [false, false, false]);

    await putPayments(lake, 'other', [1, '2024-01-12', 5, '2024-01-13']);
    const changed = await lake.commit({ ...ref, revision: 3 }, configs);
    assert.equal(changed.same_rows_as, undefined);
    assert.deepEqual(rowsOf(changed).revision, 3);
    assert.equal((await lake.partitions.newest('basics', definition_digest, FEBRUARY))?.revision, 3);
  });
});

/** Commits a partition as if it had been built at an instant. */
async function commitAt(
  lake: FeatureLake,
  set: FeatureSetConfig,
  configs: FeatureConfigs,
  { dt, built_at }: { readonly dt: string; readonly built_at: string },
): Promise<void> {
  const manifest = await lake.build(lake.ref(set, configs, dt), configs);
  await lake.partitions.commit({ ...manifest, built_at });
}

test('lets a partition that was built too early stand only if nothing has been added since', async () => {
  await withSets(async (lake, configs) => {
    const early = { dt: FEBRUARY, built_at: '2024-01-31T20:00:00.000Z' };
    await commitAt(lake, below, configs, early);
    const standing = () => standingPartition(lake, below, configs, FEBRUARY);
    assert.deepEqual(await standing(), { ref: lake.ref(below, configs, FEBRUARY), build: false });
    await putPayments(lake, 'evening', [1, '2024-01-31', 5, '2024-01-31']);
    assert.deepEqual(await standing(), {
      ref: lake.ref(below, configs, FEBRUARY, 2),
      build: true,
      stale: 1,
    });
    await lake.commit((await standing()).ref, configs);
    await putPayments(lake, 'later', [2, '2024-01-31', 9, '2024-01-31']);
    assert.deepEqual(await standing(), { ref: lake.ref(below, configs, FEBRUARY, 2), build: false });
    assert.deepEqual(await standingAndStale(lake, below, configs, FEBRUARY), {
      ref: lake.ref(below, configs, FEBRUARY, 2),
      build: false,
      stale: 2,
    });
  });
});

test('serves an older partition when it cannot be seen whether one that was built too early still stands', async () => {
  await withSets(async (lake, configs) => {
    const dates = ['2024-03-01', FEBRUARY];
    await refreshAll(lake, configs, FEBRUARY);
    await commitAt(lake, below, configs, { dt: '2024-03-01', built_at: '2024-02-28T20:00:00.000Z' });
    const serving = () => servingPartition(lake, below, configs, { dates });
    const february = lake.ref(below, configs, FEBRUARY);
    assert.deepEqual(await serving(), {
      newest: { ref: lake.ref(below, configs, '2024-03-01'), build: false },
      fallback: february,
    });
    await lake.objects.put('raw/payments/half.parquet', 'PAR1');
    assert.deepEqual(await serving(), { newest: { ref: february, build: false }, fallback: null });
    assert.equal(await servingPartition(lake, below, configs, { dates: [] }), undefined);
  });
});
