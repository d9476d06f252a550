import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import type { PartitionManifest } from '#features/partitions/partition.ts';
import { planShards } from '#scoring/plan.ts';
import { scoreShard } from '#scoring/score-shard.ts';
import { buildTrainingFrame } from '#training/frame.ts';
import { type FeatureLake, withFeatureLake } from '#test/support/feature-lake.ts';
import {
  closureModel,
  HOSTILE,
  holdingConfigs,
  people,
  positions,
  positionsWith,
  rowsSql,
} from '#test/support/holdings.ts';
import { linearOnnx, signatureOf } from '#test/support/onnx-models.ts';

const DT = '2024-02-01';
const configs = holdingConfigs();
const accounts = [...new Set(HOSTILE.map(([account]) => account))];
/** As the platform orders rows: by the bytes of account, then of product. */
const ordered = HOSTILE.map(([account, product], index) => ({ account, product, balance: index + 0.5 })).sort(
  (a, b) =>
    Buffer.compare(Buffer.from(a.account), Buffer.from(b.account)) ||
    Buffer.compare(Buffer.from(a.product), Buffer.from(b.product)),
);

async function withHoldings(
  work: (lake: FeatureLake, partition: PartitionManifest) => Promise<void>,
): Promise<void> {
  await withFeatureLake(async (lake) => {
    const known = '2024-01-15';
    await lake.put(
      'raw/holdings/all.parquet',
      rowsSql(
        ['account', 'product', 'balance', 'loaded_at'],
        HOSTILE.map(([account, product], index) => [account, product, index + 0.5, known]),
      ),
    );
    await lake.put(
      'raw/customers/all.parquet',
      rowsSql(
        ['account', 'sex', 'age', 'loaded_at'],
        accounts.map((account, index) => [account, index % 2 === 0 ? 'f' : 'm', 20 + index, known]),
      ),
    );
    await lake.commit(lake.ref(people, configs, DT), configs);
    await work(lake, await lake.commit(lake.ref(positions, configs, DT), configs));
  });
}

async function refusal(lake: FeatureLake, set: FeatureSetConfig): Promise<unknown> {
  const all = holdingConfigs(set);
  return lake.build(lake.ref(set, all, DT), all).then(
    () => assert.fail('it was built'),
    (error: unknown) => error,
  );
}

test('keeps a row for each tuple, however its values look, and joins a set by one of its columns', async () => {
  await withHoldings(async (lake, { parts, schema, statistics, rows }) => {
    assert.deepEqual(
      schema.map(({ name }) => name),
      ['account', 'product', 'age', 'balance'],
    );
    assert.equal(rows, HOSTILE.length);
    assert.deepEqual(
      await lake.rows(parts[0]?.key ?? '', 'account, product, balance, age'),
      ordered.map((row) => ({ ...row, age: 20 + accounts.indexOf(row.account) })),
    );
    assert.deepEqual(statistics.slice(0, 2), [
      { name: 'account', nulls: 0 },
      { name: 'product', nulls: 0 },
    ]);
  });
});

test('refuses rows that repeat a tuple or lack one of its values, with a query that finds them', async () => {
  await withHoldings(async (lake) => {
    const all = 'SELECT account, product, balance, CAST(1 AS INT) AS age FROM {{ sources.holdings }}';
    assert.match(String(await refusal(lake, positionsWith(`${all} UNION ALL ${all}`))), /repeat one/);
    const twice = positionsWith(`${all} UNION ALL ${all} WHERE account = 'a'`);
    const error = await refusal(lake, twice);
    assert.match(
      String(error),
      /Of the rows of "positions", 0 have no account or product and 2 repeat one\./,
    );
    for (const part of ['account', 'product'] as const) {
      const set = positionsWith(all.replace(part, `CASE WHEN balance > 1 THEN ${part} END AS ${part}`));
      assert.match(String(await refusal(lake, set)), /1 have no account or product and 0 repeat one/);
    }
  });
});

test('joins labels by the whole tuple and attributes by the columns that their source has', async () => {
  await withHoldings(async (lake, partition) => {
    await lake.put(
      'raw/closures/all.parquet',
      rowsSql(
        ['account', 'product', 'closed_on', 'closed', 'loaded_at'],
        [
          ['a', 'b,c', '2024-02-10', 1, '2024-02-11'],
          ['größe', '日本 🐢', '2024-02-10', 1, '2024-02-11'],
          ['a,b', null, '2024-02-10', 1, '2024-02-11'],
          ['x', 'x', '2024-02-10', 1, '2024-02-11'],
        ],
      ),
    );
    const frame = await buildTrainingFrame(lake, {
      model: closureModel,
      configs,
      partitions: [partition],
      asOf: '2024-03-01',
      output: { prefix: 'models/frame/', attempt: 'test' },
    });
    assert.deepEqual(
      frame.columns.map(({ name }) => name),
      ['account', 'product', 'dt', 'age', 'balance', 'label', 'attr_sex'],
    );
    const closed = new Set(['a|b,c', 'größe|日本 🐢']);
    assert.deepEqual(
      await lake.rows(frame.key, 'account, product, label, attr_sex'),
      ordered.map(({ account, product }) => ({
        account,
        product,
        label: closed.has(`${account}|${product}`) ? 1 : 0,
        attr_sex: accounts.indexOf(account) % 2 === 0 ? 'f' : 'm',
      })),
    );
  });
});

test('scores have the columns of the entity under their own names, in order', async () => {
  await withHoldings(async (lake, { parts }) => {
    const signature = signatureOf([{ name: 'balance', type: 'double', baseline: 0 }], ['account', 'product']);
    const files = {
      'model.onnx': linearOnnx({ bias: -5, numeric: [{ weight: 1 }] }),
      'signature.json': Buffer.from(JSON.stringify(signature)),
    };
    const artifacts = await Promise.all(
      Object.entries(files).map(async ([name, body]) => {
        const { key, size, sha256 } = await lake.objects.put(`models/closure/${name}`, body);
        return { name, key, size, sha256 };
      }),
    );
    const [shard] = planShards(parts);
    assert.ok(shard);
    const { part } = await scoreShard(
      { objects: lake.objects, scratch: tmpdir() },
      {
        ref: {
          model: 'closure_risk',
          feature_set: 'positions',
          version: 1,
          score_date: '2024-02-03',
          revision: 1,
        },
        shard,
        partition_date: DT,
        artifacts,
        cut_off: 0.5,
      },
    );
    const [first] = (await lake.rows(part.key)) as Record<string, unknown>[];
    assert.deepEqual(Object.keys(first ?? {}), [
      'account',
      'product',
      'score_date',
      'partition_date',
      'version',
      'probability',
      'declined',
      'reasons',
    ]);
    assert.deepEqual(
      await lake.rows(part.key, 'account, product, declined'),
      ordered.map(({ account, product, balance }) => ({ account, product, declined: balance >= 5 })),
    );
  });
});
