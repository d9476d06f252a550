import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FeatureConfigs } from '#catalog/feature-configs.ts';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import { servingPartition } from '#features/partitions/serving-partition.ts';
import { planRefresh } from '#features/partitions/refresh.ts';
import { configsOf, featureSet } from '#test/support/feature-configs.ts';
import { type FeatureLake, putAccounts, putPayments, withFeatureLake } from '#test/support/feature-lake.ts';

const DT = '2024-02-01';

/** A lake with one payment, and the set over it. */
async function withPayments(
  use: (lake: FeatureLake, set: FeatureSetConfig, configs: FeatureConfigs) => Promise<void>,
): Promise<void> {
  await withFeatureLake(async (lake) => {
    await putAccounts(lake);
    await putPayments(lake, 'a', [2, '2024-01-10', 7, '2024-01-11']);
    const set = featureSet();
    await use(lake, set, configsOf(set));
  });
}

test('of ten clients that commit one partition at once, one wins, all get its manifest, no stray part stays', async () => {
  await withPayments(async (lake, set, configs) => {
    const ref = lake.ref(set, configs, DT);
    const built = await Promise.all(
      Array.from({ length: 10 }, async (_, client) => await lake.build(ref, configs, `client-${client}`)),
    );
    assert.equal(new Set(built.map(({ parts }) => parts[0]?.key)).size, 10);
    assert.equal(new Set(built.map(({ parts }) => parts[0]?.sha256)).size, 1);
    const committed = await Promise.all(
      built.map(async (manifest) => await lake.partitions.commit(manifest)),
    );
    const winner = await lake.partitions.get(ref);
    for (const manifest of committed) assert.deepEqual(manifest, winner);
    assert.deepEqual(
      (await lake.keys('features/')).map((key) => key.split('/').at(-1)?.slice(0, 8)),
      ['manifest', 'part-000'],
    );
    assert.deepEqual(
      (await lake.partitions.list('behaviour', ref.definition_digest)).map(({ dt, revision }) => [
        dt,
        revision,
      ]),
      [[DT, 1]],
    );
  });
});

test('late input makes a new revision beside the old one; without it a refresh builds nothing', async () => {
  await withPayments(async (lake, set, configs) => {
    const first = await planRefresh(lake, set, configs, DT);
    assert.deepEqual([first.build, first.ref.revision], [true, 1]);
    const old = await lake.commit(first.ref, configs);
    assert.deepEqual(await planRefresh(lake, set, configs, DT), { ref: first.ref, build: false });

    await putPayments(lake, 'late', [1, '2024-01-12', 5, '2024-01-13']);
    const second = await planRefresh(lake, set, configs, DT);
    assert.deepEqual([second.build, second.ref.revision], [true, 2]);
    const revised = await lake.commit(second.ref, configs);
    assert.notEqual(revised.parts[0]?.sha256, old.parts[0]?.sha256);
    assert.deepEqual(await lake.partitions.get(first.ref), old);
    const { definition_digest } = first.ref;
    assert.deepEqual(await lake.partitions.newest('behaviour', definition_digest, DT), revised);
    const serving = async (dates: readonly string[]) =>
      (await servingPartition(lake, set, configs, { dates }))?.newest;
    assert.deepEqual(await serving([DT]), { ref: second.ref, build: false });
    assert.deepEqual((await serving(['2024-03-01', DT]))?.build, true);
    assert.equal(await serving([]), undefined);
  });
});

test('a crash after the manifest and before the table’s item loses nothing', async () => {
  await withPayments(async (lake, set, configs) => {
    const ref = lake.ref(set, configs, DT);
    const manifest = await lake.build(ref, configs);
    const key = `features/behaviour/${ref.definition_digest}/dt=${DT}/r1/manifest.json`;
    await lake.objects.put(key, JSON.stringify(manifest));
    const listed = async (): Promise<number> =>
      (await lake.partitions.list('behaviour', ref.definition_digest)).length;
    assert.equal(await listed(), 0);
    assert.deepEqual(await lake.partitions.newest('behaviour', ref.definition_digest, DT), manifest);
    assert.equal(await listed(), 1);

    await lake.objects.put(key, 'rubbish');
    await assert.rejects(lake.partitions.find(ref), { code: 'MANIFEST_INVALID' });
  });
});
