import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MillraceError } from '#errors/millrace-error.ts';
import type { FeatureEngine } from '#features/engines/engine.ts';
import { materialisePartition } from '#features/partitions/materialise.ts';
import { configsOf, featureSet, type FeatureSetParts } from '#test/support/feature-configs.ts';
import { putAccounts, putPayments, withFeatureLake, type FeatureLake } from '#test/support/feature-lake.ts';

const DT = '2024-02-01';

async function failure(lake: FeatureLake, parts: FeatureSetParts, dt = DT): Promise<MillraceError> {
  const set = featureSet(parts);
  const configs = configsOf(set);
  const error: unknown = await lake.build(lake.ref(set, configs, dt), configs).then(
    () => assert.fail('it was built'),
    (problem: unknown) => problem,
  );
  if (!(error instanceof MillraceError)) throw error;
  return error;
}

test('a partition names its inputs, checks, lineage and files, one row per entity in order', async () => {
  await withFeatureLake(async (lake) => {
    await putAccounts(lake);
    await putPayments(lake, 'a', [2, '2024-01-10', 7, '2024-01-11']);
    const set = featureSet({
      checks: [
        { expect_table_row_count_to_be_between: { min_value: 1, max_value: 2 } },
        { expect_column_values_to_be_between: { column: 'paid', max_value: 5, severity: 'warn' } },
        { expect_column_values_to_be_between: { column: 'paid', max_value: 5, mostly: 0.5 } },
        { expect_column_values_to_be_in_set: { column: 'payments', value_set: [0, 1] } },
        { expect_column_mean_to_be_between: { column: 'credit', min_value: 150, max_value: 150 } },
        { expect_column_values_to_be_unique: { column: 'credit' } },
      ],
    });
    const configs = configsOf(set);
    const ref = lake.ref(set, configs, DT);
    const built = await lake.build(ref, configs, 'run-1');
    assert.deepEqual(await lake.partitions.find(ref), undefined);
    const manifest = await lake.partitions.commit(built);
    assert.deepEqual(await lake.partitions.get(ref), manifest);
    assert.deepEqual(manifest.schema, [
      { name: 'account', type: 'bigint' },
      { name: 'credit', type: 'double' },
      { name: 'paid', type: 'double' },
      { name: 'payments', type: 'int' },
    ]);
    assert.deepEqual(
      manifest.inputs.map(({ kind, name, files }) => [kind, name, files]),
      [
        ['source', 'accounts', 1],
        ['source', 'payments', 1],
      ],
    );
    assert.deepEqual(
      manifest.checks.map(({ success, observed }) => [success, observed]),
      [
        [true, 2],
        [false, 0.5],
        [true, 0.5],
        [true, 0],
        [true, 150],
        [true, 0],
      ],
    );
    assert.deepEqual(manifest.statistics, [
      { name: 'account', nulls: 0 },
      { name: 'credit', nulls: 0, min: 100, max: 200 },
      { name: 'paid', nulls: 0, min: 0, max: 7 },
      { name: 'payments', nulls: 0, min: 0, max: 1 },
    ]);
    assert.match(manifest.engine, /^duckdb v\d/);
    assert.deepEqual(manifest.lineage.find(({ feature }) => feature === 'paid')?.sources, [
      'payments.amount',
    ]);
    const [part] = manifest.parts;
    assert.match(
      part?.key ?? '',
      /^features\/behaviour\/[0-9a-f]{32}\/dt=2024-02-01\/r1\/part-00000-\d{8}T\d{6}Z-run-1-[0-9a-f]{8}\.parquet$/,
    );
    assert.deepEqual(await lake.rows(part?.key ?? '', 'account::INT AS a, credit, paid, payments'), [
      { a: 1, credit: 100, paid: 0, payments: 0 },
      { a: 2, credit: 200, paid: 7, payments: 1 },
    ]);
  });
});

test('what cannot become a partition says why, and leaves nothing behind', async () => {
  await withFeatureLake(async (lake) => {
    await putAccounts(lake);
    const empty = await failure(lake, {});
    assert.deepEqual([empty.code, empty.details['source']], ['SOURCE_EMPTY', 'payments']);

    await lake.put(
      'raw/payments/a.parquet',
      "SELECT 1::BIGINT AS account, DATE '2024-01-01' AS paid_on, DATE '2024-01-02' AS loaded_at",
    );
    const missing = await failure(lake, {});
    assert.equal(missing.code, 'SOURCE_COLUMN_MISSING');
    assert.match(
      missing.message,
      /Column "amount" of source "payments" is missing in s3:\/\/.*\/raw\/payments\/a\.parquet\./,
    );

    await putPayments(lake, 'b', [1, '2024-01-10', 7, '2024-01-11']);
    const inOne = await failure(lake, {});
    assert.equal(inOne.code, 'SOURCE_COLUMN_MISSING');
    assert.match(inOne.message, /"amount" .* is missing in s3:\/\/.*a\.parquet\./);

    await lake.put(
      'raw/payments/a.parquet',
      "SELECT 1::BIGINT AS account, DATE '2024-01-01' AS paid_on, 'much' AS amount, DATE '2024-01-02' AS loaded_at",
    );
    const type = await failure(lake, {});
    assert.deepEqual([type.code, type.details['declared']], ['SOURCE_TYPE_DIFFERS', 'double']);

    await lake.objects.remove(['raw/payments/a.parquet']);
    const cases: readonly (readonly [FeatureSetParts, string, RegExp])[] = [
      [
        { sql: 'SELECT account, credit, 1 AS extra FROM {{ sources.accounts }}' },
        'PARTITION_COLUMNS_DIFFER',
        /declared but not selected: paid, payments; selected but not declared: extra/,
      ],
      [
        { sql: "SELECT account, 'x' AS credit, 1 AS paid, 1 AS payments FROM {{ sources.accounts }}" },
        'FEATURE_TYPE_DIFFERS',
        /"credit" is declared as double; the query gives string/,
      ],
      [
        {
          sql: 'SELECT account, credit, 1 AS paid, 1 AS payments FROM {{ sources.accounts }} WHERE credit > 900',
        },
        'PARTITION_EMPTY',
        /no rows at 2024-02-01/,
      ],
      [
        {
          sql: 'SELECT account, credit, 1 AS paid, 1 AS payments FROM {{ sources.accounts }} UNION ALL SELECT account, credit, 2, 2 FROM {{ sources.accounts }}',
        },
        'PARTITION_ENTITY_INVALID',
        /2 repeat one/,
      ],
      [
        {
          sql: 'SELECT CASE WHEN account = 1 THEN account END AS account, credit, 1 AS paid, 1 AS payments FROM {{ sources.accounts }}',
        },
        'PARTITION_ENTITY_INVALID',
        /1 have no account/,
      ],
      [
        { sql: 'SELECT account, credit, 1 AS paid,\n  amonut AS payments\nFROM {{ sources.accounts }}' },
        'SQL_INVALID',
        /amonut/,
      ],
      [
        { checks: [{ expect_column_values_to_be_between: { column: 'credit', max_value: 150 } }] },
        'CHECK_FAILED',
        /expect_column_values_to_be_between \(credit\) observed 0\.5/,
      ],
    ];
    for (const [parts, code, message] of cases) {
      const error = await failure(lake, parts);
      assert.equal(error.code, code, error.message);
      assert.match(error.message, message);
    }
    const misspelt = await failure(lake, {
      sql: 'SELECT account, credit, 1 AS paid,\n  amonut AS payments\nFROM {{ sources.accounts }}',
    });
    assert.equal(misspelt.where, 'behaviour.sql:2:3');
    assert.equal((await failure(lake, {}, '2024-02-15')).code, 'PARTITION_DATE_INVALID');
    const set = featureSet();
    await assert.rejects(
      lake.build({ ...lake.ref(set, configsOf(set), DT), definition_digest: '0'.repeat(32) }, configsOf(set)),
      { code: 'PARTITION_DEFINITION_DIFFERS' },
    );
    assert.deepEqual(await lake.keys('features/'), []);
  });
});

test('keeps the rows that failed a check, with a query that finds them, and none that only warn', async () => {
  await withFeatureLake(async (lake) => {
    await putAccounts(lake);
    const between = (severity: string) => ({
      expect_column_values_to_be_between: { column: 'credit', max_value: 150, severity },
    });
    const error = await failure(lake, {
      sql: 'SELECT account, credit FROM {{ sources.accounts }}',
      sources: ['accounts'],
      features: { credit: 'double' },
      checks: [
        between('error'),
        between('warn'),
        { expect_column_mean_to_be_between: { column: 'credit', max_value: 1 } },
      ],
    });
    assert.equal(error.code, 'CHECK_FAILED');
    const [key, ...more] = await lake.keys('staged/');
    assert.deepEqual(more, []);
    assert.match(key ?? '', /^staged\/features\/behaviour\/[0-9a-f]{32}\/dt=2024-02-01\/r1\/part-00000-/);
    const uri = lake.objects.uri(key ?? '');
    const value = 'CASE WHEN isnan("credit") THEN NULL ELSE "credit" END';
    assert.deepEqual(error.details['refused_rows'], {
      uris: [uri],
      kept_days: 7,
      duckdb_queries: [`SELECT * FROM read_parquet(['${uri}']) WHERE (${value}) > 150 LIMIT 100`],
    });
    assert.deepEqual(await lake.keys('features/'), []);
  });
});

test('names the checks, not the query, as the place of a check that cannot be computed, and shows no value', async () => {
  await withFeatureLake(async (lake) => {
    await putAccounts(lake);
    const error = await failure(lake, {
      sql: 'SELECT account, credit > 100 AS credit FROM {{ sources.accounts }}',
      sources: ['accounts'],
      features: { credit: 'boolean' },
      checks: [{ expect_column_mean_to_be_between: { column: 'credit', max_value: 150 } }],
    });
    assert.deepEqual([error.code, error.where], ['SQL_FAILED', 'checks']);
    assert.doesNotMatch(error.message, /true|false/i);
    assert.deepEqual(await lake.keys('features/'), []);
  });
});

test('rejects a build whose source changed meanwhile, and removes its parts', async () => {
  await withFeatureLake(async (lake) => {
    await putAccounts(lake);
    await putPayments(lake, 'a', [2, '2024-01-10', 7, '2024-01-11']);
    const set = featureSet();
    const configs = configsOf(set);
    const engine: FeatureEngine = {
      build: async (build, run) => {
        const result = await lake.engine.build(build, run);
        await putPayments(lake, 'late', [1, '2024-01-10', 7, '2024-01-11']);
        return result;
      },
    };
    const fails: FeatureEngine = {
      build: async (build, run) => {
        await lake.objects.remove(['raw/payments/late.parquet']);
        return await lake.engine.build(build, run);
      },
    };
    await putPayments(lake, 'late', [1, '2024-01-10', 7, '2024-01-11']);
    await assert.rejects(
      materialisePartition(
        { ...lake, engine: fails },
        {
          ref: lake.ref(set, configs, DT),
          configs,
          builtBy: { workflow_id: 'w', run_id: 'r' },
          attempt: 'a',
        },
      ),
      { code: 'SOURCE_CHANGED', where: 'raw/payments/' },
      'a file that is gone when the engine opens it',
    );
    await assert.rejects(
      materialisePartition(
        { ...lake, engine },
        {
          ref: lake.ref(set, configs, DT),
          configs,
          builtBy: { workflow_id: 'w', run_id: 'r' },
          attempt: 'a',
        },
      ),
      { code: 'SOURCE_CHANGED', where: 'raw/payments/' },
    );
    assert.deepEqual(await lake.keys('features/'), []);
  });
});

test('a set that reads another takes its partition of the date, after checking that it is what was committed', async () => {
  await withFeatureLake(async (lake) => {
    await putAccounts(lake);
    await putPayments(lake, 'a', [2, '2024-01-10', 7, '2024-01-11']);
    const basics = featureSet({ name: 'basics' });
    const set = featureSet({
      sources: [],
      feature_sets: ['basics'],
      sql: 'SELECT account, paid / credit AS share FROM {{ features.basics }}',
      features: { share: 'double' },
    });
    const configs = configsOf(set, basics);
    const ref = lake.ref(set, configs, DT);
    await assert.rejects(lake.build(ref, configs), { code: 'UPSTREAM_PARTITION_MISSING' });

    const upstream = await lake.commit(lake.ref(basics, configs, DT), configs);
    const manifest = await lake.build(ref, configs);
    assert.deepEqual(await lake.rows(manifest.parts[0]?.key ?? '', 'account::INT AS a, share'), [
      { a: 1, share: 0 },
      { a: 2, share: 0.035 },
    ]);
    assert.deepEqual(manifest.lineage[0]?.sources, ['accounts.credit', 'payments.amount']);

    const [part] = upstream.parts;
    const bytes = await lake.objects.get(part?.key ?? '');
    bytes.writeUInt8(bytes.readUInt8(100) ^ 1, 100);
    await lake.objects.put(part?.key ?? '', bytes);
    await assert.rejects(lake.build(ref, configs), { code: 'PART_DIGEST_MISMATCH' });
  });
});

test('a cancelled build stops with the caller’s reason and leaves nothing', async () => {
  await withFeatureLake(async (lake) => {
    await putAccounts(lake);
    await putPayments(lake, 'a', [2, '2024-01-10', 7, '2024-01-11']);
    const set = featureSet();
    const configs = configsOf(set);
    const reason = new Error('worker shuts down');
    const cancel = new AbortController();
    const steps: string[] = [];
    await assert.rejects(
      materialisePartition(lake, {
        ref: lake.ref(set, configs, DT),
        configs,
        builtBy: { workflow_id: 'w', run_id: 'r' },
        attempt: 'a',
        signal: cancel.signal,
        heartbeat: ({ step }) => {
          steps.push(step);
          if (step === 'upload') cancel.abort(reason);
        },
      }),
      (error: unknown) => error === reason,
    );
    assert.deepEqual(
      steps.filter((step) => step !== 'run query'),
      ['list inputs', 'read inputs', 'check', 'upload'],
    );
    assert.deepEqual(await lake.keys('features/'), []);
  });
});

test('refuses a date that has not begun in the time zone of the set', async () => {
  await withFeatureLake(async (lake) => {
    await putAccounts(lake);
    await putPayments(lake, 'a', [1, '2024-01-10', 7, '2024-01-11']);
    const hoursAway = (hours: number): string =>
      new Date(Date.now() + hours * 3_600_000).toISOString().slice(0, 10);
    const build = async (dt: string, time_zone: string) => {
      const partition = { grain: 'day', start: '2024-01-01', max_staleness: '2d', time_zone };
      const set = featureSet({ partition });
      const configs = configsOf(set);
      return await lake.build(lake.ref(set, configs, dt), configs);
    };
    // Kiritimati is 14 hours ahead of UTC, Pago Pago 11 hours behind.
    const [ahead, behind] = ['Pacific/Kiritimati', 'Pacific/Pago_Pago'];
    assert.equal((await build(hoursAway(14), ahead)).rows, 2);
    await assert.rejects(build(hoursAway(14 + 24), ahead), { code: 'DATE_IN_FUTURE' });
    assert.equal((await build(hoursAway(-11), behind)).rows, 2);
    await assert.rejects(build(hoursAway(-11 + 24), behind), { code: 'DATE_IN_FUTURE' });
    assert.deepEqual((await lake.keys('features/')).length, 2);
  });
});
