import assert from 'node:assert/strict';
import { test } from 'node:test';
import { featureSetRoutes } from '#api/routes/feature-sets/routes.ts';
import { readEnvironment } from '#configs/environment.ts';
import { configsOf, featureSet } from '#test/support/feature-configs.ts';
import { putAccounts, putPayments, withFeatureLake } from '#test/support/feature-lake.ts';
import { bareApp } from '#test/support/bare-app.ts';

interface Checked {
  readonly success: boolean;
  readonly checks: readonly {
    readonly success: boolean;
    readonly result: Readonly<Record<string, unknown>>;
    readonly duckdb_query?: string;
  }[];
}

test('partitions are listed, read by date and revision, and lineage is told before anything is built', async () => {
  await withFeatureLake(async (lake) => {
    const set = featureSet();
    let configs = configsOf(set);
    const nothing = () => Promise.reject(new Error('a read starts nothing'));
    const app = bareApp();
    await app.register(featureSetRoutes, {
      configs: async () => await Promise.resolve(configs),
      partitions: lake.partitions,
      start: nothing,
      starter: { startedBefore: nothing },
      uri: (key) => lake.objects.uri(key),
      environment: readEnvironment(),
      objects: lake.objects,
      now: () => new Date('2024-02-15T00:00:00Z'),
    });
    const get = async (path: string): Promise<[number, unknown]> => {
      const answer = await app.inject(`/v1/feature-sets/${path}`);
      return [answer.statusCode, answer.json()];
    };
    const ref = lake.ref(set, configs, '2024-02-01');
    const { definition_digest } = ref;
    const [, lineage] = await get('behaviour/lineage');
    assert.deepEqual(lineage, {
      definition_digest,
      lineage: [
        { feature: 'credit', sources: ['accounts.credit'], expression: 'a.credit' },
        { feature: 'paid', sources: ['payments.amount'], expression: 'COALESCE(SUM(p.amount), 0)' },
        { feature: 'payments', sources: ['payments.amount'], expression: 'COUNT(p.amount)' },
      ],
    });
    assert.deepEqual(await get('nothing/lineage'), [404, { code: 'FEATURE_SET_UNKNOWN' }]);
    const [, query] = (await get('behaviour/query')) as [number, { dt: string; engines: object }];
    assert.deepEqual([query.dt, Object.keys(query.engines)], ['2024-02-01', ['duckdb', 'spark']]);
    assert.deepEqual(await get('behaviour/query?dt=2024-02-02'), [422, { code: 'PARTITION_DATE_INVALID' }]);
    assert.deepEqual(await get('nothing/query'), [404, { code: 'FEATURE_SET_UNKNOWN' }]);
    assert.deepEqual(await get('behaviour/partitions'), [200, { definition_digest, items: [] }]);
    assert.deepEqual(await get('behaviour/partitions/2024-02-01'), [404, { code: 'PARTITION_NOT_FOUND' }]);

    await putAccounts(lake);
    await putPayments(lake, 'a', [2, '2024-01-10', 7, '2024-01-11']);
    const manifest = await lake.commit(ref, configs);
    const whole = { ...manifest, uris: [lake.objects.uri(manifest.parts[0]?.key ?? '')] };
    const { rows, built_at } = manifest;
    const manifest_key = `features/behaviour/${definition_digest}/dt=2024-02-01/r1/manifest.json`;
    assert.deepEqual(await get('behaviour/partitions?from=2024-02-01&to=2024-02-28'), [
      200,
      { definition_digest, items: [{ ...ref, manifest_key, rows, built_at }] },
    ]);
    assert.deepEqual(await get('behaviour/partitions?from=2024-02-02'), [
      200,
      { definition_digest, items: [] },
    ]);
    assert.deepEqual(await get('behaviour/partitions/2024-02-01'), [200, whole]);
    assert.deepEqual(await get(`behaviour/partitions/2024-02-01/r/1?definition=${definition_digest}`), [
      200,
      whole,
    ]);
    assert.deepEqual(await get('behaviour/partitions/2024-02-01/r/2'), [
      404,
      { code: 'PARTITION_NOT_FOUND' },
    ]);
    assert.equal((await get('behaviour/partitions/yesterday'))[0], 400);

    // Checks that were added after the commit judge the same rows.
    const between = (severity: string) => ({
      expect_column_values_to_be_between: { column: 'paid', max_value: 5, severity },
    });
    configs = configsOf(featureSet({ checks: [between('warn')] }));
    const checked = async () => (await get('behaviour/partitions/2024-02-01/checks')) as [number, Checked];
    const [status, { checks, ...about }] = await checked();
    assert.deepEqual([status, about], [200, { ...ref, rows, success: true }]);
    const value = 'CASE WHEN isnan("paid") THEN NULL ELSE "paid" END';
    assert.deepEqual(
      checks.map(({ success, result, duckdb_query }) => [success, result['unexpected_count'], duckdb_query]),
      [[false, 1, `SELECT * FROM read_parquet(['${whole.uris[0]}']) WHERE (${value}) > 5 LIMIT 100`]],
    );
    configs = configsOf(featureSet({ checks: [between('error')] }));
    assert.equal((await checked())[1].success, false);
    assert.deepEqual(await get('behaviour/partitions/2024-02-01'), [200, whole]);
    assert.deepEqual(await get('behaviour/partitions/2024-03-01/checks'), [
      404,
      { code: 'PARTITION_NOT_FOUND' },
    ]);
    await app.close();
  });
});
