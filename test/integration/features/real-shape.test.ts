import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configsOf, featureSet } from '#test/support/feature-configs.ts';
import { withFeatureLake } from '#test/support/feature-lake.ts';

test('thirty thousand entities with half a year of events: every one once, and the same bytes each time', async () => {
  await withFeatureLake(async (lake) => {
    await lake.put(
      'raw/accounts/all.parquet',
      `SELECT i AS account, (i * 7919 % 1000)::DOUBLE AS credit, CASE WHEN i % 2 = 0 THEN 'f' ELSE 'm' END AS sex,
       DATE '2023-12-01' AS loaded_at FROM range(1, 30001) AS t(i)`,
    );
    for (let month = 1; month <= 6; month += 1)
      await lake.put(
        `raw/payments/2024-0${month}.parquet`,
        `SELECT i AS account, DATE '2024-0${month}-10' AS paid_on, sin(i * ${month})::DOUBLE AS amount,
         DATE '2024-0${month}-12' AS loaded_at FROM range(1, 30001) AS t(i) ORDER BY hash(i)`,
      );
    const set = featureSet({
      sql: `WITH recent AS (
  SELECT account, amount, ROW_NUMBER() OVER (PARTITION BY account ORDER BY paid_on DESC) AS recency FROM {{ sources.payments }}
)
SELECT a.account, MAX(a.credit) AS credit, SUM(r.amount / 3) AS paid, COUNT(CASE WHEN recency <= 3 THEN 1 END) AS payments
FROM {{ sources.accounts }} AS a JOIN recent AS r ON r.account = a.account GROUP BY a.account`,
      checks: [{ expect_column_values_to_be_in_set: { column: 'payments', value_set: [3] } }],
    });
    const configs = configsOf(set);
    const ref = lake.ref(set, configs, '2024-07-01');
    const [one, two] = [await lake.build(ref, configs), await lake.build(ref, configs)];
    assert.equal(one.rows, 30_000);
    assert.equal(one.parts[0]?.sha256, two.parts[0]?.sha256);
    assert.deepEqual(
      await lake.rows(
        one.parts[0]?.key ?? '',
        'COUNT(DISTINCT account)::INT AS n, MIN(account)::INT AS first, MAX(account)::INT AS last',
      ),
      [{ n: 30_000, first: 1, last: 30_000 }],
    );
  });
});
