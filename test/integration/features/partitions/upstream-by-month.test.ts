import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FeatureConfigs } from '#catalog/feature-configs.ts';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import { planRefresh, standingAndStale } from '#features/partitions/refresh.ts';
import { configsOf, featureSet } from '#test/support/feature-configs.ts';
import { type FeatureLake, putAccounts, putPayments, withFeatureLake } from '#test/support/feature-lake.ts';

const FEBRUARY = '2024-02-01';
const MARCH = '2024-03-01';

const monthly = featureSet({ name: 'basics' });
/** Payments of the month so far, beside what was paid before the month. */
const daily = featureSet({
  name: 'days',
  sources: ['payments'],
  feature_sets: ['basics'],
  sql: `SELECT b.account, b.paid AS before, COALESCE(SUM(p.amount), 0) AS paid
    FROM {{ features.basics }} AS b LEFT JOIN {{ sources.payments }} AS p ON p.account = b.account
    GROUP BY b.account, b.paid`,
  features: { before: 'double', paid: 'double' },
  partition: { grain: 'day', start: FEBRUARY, max_staleness: '3d' },
});
/** Reads both: its date of a month reads the set by month at the same date as the set by day does. */
const top = featureSet({
  name: 'tops',
  sources: [],
  feature_sets: ['days', 'basics'],
  sql: 'SELECT d.account, d.paid - b.paid AS grown FROM {{ features.days }} AS d JOIN {{ features.basics }} AS b ON b.account = d.account',
  features: { grown: 'double' },
  partition: { grain: 'month', start: MARCH, max_staleness: '35d' },
});
const configs = configsOf(monthly, daily, top);

async function withPayments(work: (lake: FeatureLake) => Promise<void>): Promise<void> {
  await withFeatureLake(async (lake) => {
    await putAccounts(lake);
    await putPayments(lake, 'january', [2, '2024-01-10', 7, '2024-01-11']);
    await putPayments(lake, 'february', [2, '2024-02-10', 30, '2024-02-11']);
    await work(lake);
  });
}

async function rowsOf(lake: FeatureLake, set: FeatureSetConfig, dt: string): Promise<readonly unknown[]> {
  const { ref, build } = await planRefresh(lake, set, configs, dt);
  const manifest = build ? await lake.commit(ref, configs) : await lake.partitions.get(ref);
  return lake.rows(manifest.parts[0]?.key ?? '', '* REPLACE (account::INT AS account)');
}

const builds = async (lake: FeatureLake, set: FeatureSetConfig, dt: string): Promise<boolean> =>
  (await planRefresh(lake, set, configs, dt)).build;

test('reads the newest partition of a month that began by the date, and names its date', async () => {
  await withPayments(async (lake) => {
    for (const dt of [FEBRUARY, MARCH]) await lake.commit(lake.ref(monthly, configs, dt), configs);
    const paid = (before: number, now: number) => [
      { account: 1, before: 0, paid: 0 },
      { account: 2, before, paid: now },
    ];
    assert.deepEqual(await rowsOf(lake, daily, FEBRUARY), paid(7, 7));
    assert.deepEqual(await rowsOf(lake, daily, '2024-02-11'), paid(7, 7));
    assert.deepEqual(await rowsOf(lake, daily, '2024-02-29'), paid(7, 37));
    assert.deepEqual(await rowsOf(lake, daily, MARCH), paid(37, 37));
    const inputsAt = async (dt: string) =>
      (await lake.partitions.get(lake.ref(daily, configs, dt))).inputs.map(({ name, dt: of }) => [name, of]);
    assert.deepEqual(await inputsAt('2024-02-29'), [
      ['payments', undefined],
      ['basics', FEBRUARY],
    ]);
    assert.deepEqual(await inputsAt(MARCH), [
      ['payments', undefined],
      ['basics', undefined],
    ]);
    assert.deepEqual(await rowsOf(lake, top, MARCH), [
      { account: 1, grown: 0 },
      { account: 2, grown: 0 },
    ]);
  });
});

test('gives the numbers of the morning when it is built later, whatever has arrived since', async () => {
  await withPayments(async (lake) => {
    await lake.commit(lake.ref(monthly, configs, FEBRUARY), configs);
    const morning = await rowsOf(lake, daily, '2024-02-20');
    await lake.commit(lake.ref(monthly, configs, MARCH), configs);
    await putPayments(lake, 'after', [1, '2024-01-12', 5, '2024-02-20'], [2, '2024-02-19', 9, '2024-03-04']);
    assert.equal(await builds(lake, daily, '2024-02-20'), false);
    const ref = lake.ref(daily, configs, '2024-02-20', 2);
    const backfilled = await lake.commit(ref, configs);
    assert.equal(backfilled.same_rows_as, 1);
    assert.deepEqual(
      await lake.rows(backfilled.parts[0]?.key ?? '', '* REPLACE (account::INT AS account)'),
      morning,
    );
  });
});

test('is stale where rows changed that the partition of the month could see, and only there', async () => {
  await withPayments(async (lake) => {
    for (const dt of [FEBRUARY, MARCH]) await lake.commit(lake.ref(monthly, configs, dt), configs);
    for (const dt of ['2024-02-20', MARCH]) await rowsOf(lake, daily, dt);
    await rowsOf(lake, top, MARCH);
    // Known in February: the partition of 1 February cannot see it, that of 1 March can.
    await putPayments(lake, 'late', [1, '2024-02-21', 5, '2024-02-22']);
    assert.deepEqual(await Promise.all([FEBRUARY, MARCH].map((dt) => builds(lake, monthly, dt))), [
      false,
      true,
    ]);
    assert.equal(await builds(lake, daily, '2024-02-20'), false);
    assert.equal((await standingAndStale(lake, daily, configs, MARCH)).stale, 1);
    assert.equal(await builds(lake, top, MARCH), true);

    await putPayments(lake, 'older', [1, '2024-01-21', 5, '2024-01-22']);
    assert.equal((await standingAndStale(lake, daily, configs, '2024-02-20')).stale, 1);
    await lake.commit((await planRefresh(lake, monthly, configs, FEBRUARY)).ref, configs);
    assert.deepEqual(await rowsOf(lake, daily, '2024-02-20'), [
      { account: 1, before: 5, paid: 5 },
      { account: 2, before: 7, paid: 37 },
    ]);
  });
});

test('refuses to build without the partition of the month, and without a date that may serve', async () => {
  await withPayments(async (lake) => {
    await assert.rejects(lake.build(lake.ref(daily, configs, '2024-02-20'), configs), {
      code: 'UPSTREAM_PARTITION_MISSING',
      message: 'Feature set "basics" has no partition at 2024-02-01.',
    });
    const ended = featureSet({
      name: 'basics',
      partition: { grain: 'month', start: '2024-01-01', end: '2024-01-01', max_staleness: '35d' },
    });
    const old: FeatureConfigs = configsOf(ended, daily);
    await assert.rejects(lake.build(lake.ref(daily, old, '2024-02-20'), old), {
      code: 'UPSTREAM_PARTITION_MISSING',
      message: 'Feature set "basics" has no partition date at most 35d before 2024-02-20.',
    });
  });
});
