import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SourceConfig } from '#configs/source.ts';
import { sourceColumns } from '#configs/source-columns.ts';
import { knownRows } from '#features/query/point-in-time.ts';
import { configsOf, featureSet, payments } from '#test/support/feature-configs.ts';
import { answerTo, sourceTable } from '#test/support/engine-builds.ts';
import { putAccounts, putPayments, withFeatureLake } from '#test/support/feature-lake.ts';

test('nothing that was not known, or had not happened, on a partition’s date enters it', async () => {
  await withFeatureLake(async (lake) => {
    const set = featureSet();
    const configs = configsOf(set);
    await putAccounts(lake);
    await putPayments(
      lake,
      'a',
      [1, '2024-01-31', 1, '2024-01-31'], // known on the day before the date: in
      [1, '2024-01-30', 10, '2024-02-01'], // happened before, known on the date itself: out
      [1, '2024-02-01', 100, '2024-01-15'], // known before, happens on the date: out
      [2, '2024-01-10', 1000, '2024-01-11'], // corrected below, once before the date and once after
    );
    await putPayments(
      lake,
      'b',
      [2, '2024-01-10', 2000, '2024-01-20'],
      [2, '2024-01-10', 4000, '2024-02-01'],
    );
    const paid = async (dt: string): Promise<unknown> => {
      const { parts } = await lake.build(lake.ref(set, configs, dt), configs);
      return await lake.rows(parts[0]?.key ?? '', 'account::INT AS a, paid, payments::INT AS n');
    };
    assert.deepEqual(await paid('2024-01-01'), [
      { a: 1, paid: 0, n: 0 },
      { a: 2, paid: 0, n: 0 },
    ]);
    assert.deepEqual(await paid('2024-02-01'), [
      { a: 1, paid: 1, n: 1 },
      { a: 2, paid: 2000, n: 1 },
    ]);
    assert.deepEqual(await paid('2024-03-01'), [
      { a: 1, paid: 111, n: 3 },
      { a: 2, paid: 4000, n: 1 },
    ]);
  });
});

test('an account that the lake did not know yet is in no partition', async () => {
  await withFeatureLake(async (lake) => {
    const set = featureSet();
    const configs = configsOf(set);
    await putAccounts(lake);
    await putPayments(lake, 'a', [1, '2024-01-31', 1, '2024-01-31']);
    await lake.put(
      'raw/accounts/late.parquet',
      "SELECT 3::BIGINT AS account, 5::DOUBLE AS credit, 'f' AS sex, DATE '2024-02-01' AS loaded_at",
    );
    const entities = async (dt: string): Promise<number> =>
      (await lake.build(lake.ref(set, configs, dt), configs)).rows;
    assert.deepEqual([await entities('2024-02-01'), await entities('2024-03-01')], [2, 3]);
  });
});

test('known rows: a correction may move a fact in time, timestamps count by their instant, ties do not hang on file order', async () => {
  await withFeatureLake(async (lake) => {
    const timed: SourceConfig = {
      ...payments,
      keys: ['account'],
      columns: { account: 'bigint', paid_on: 'timestamp', amount: 'double', loaded_at: 'timestamp' },
    };
    const put = async (file: string, values: string): Promise<string> =>
      await lake.put(
        `raw/timed/${file}.parquet`,
        `SELECT * FROM (VALUES ${values}) AS t(account, paid_on, amount, loaded_at)`,
      );
    const a = await put(
      'a',
      `(1::BIGINT, TIMESTAMP '2024-01-31 23:59:59', 1::DOUBLE, TIMESTAMP '2024-01-31 23:59:59'),
       (2, TIMESTAMP '2024-01-31 00:00:00', 2, TIMESTAMP '2024-02-01 00:00:00'),
       (3, TIMESTAMP '2024-02-01 00:00:00', 3, TIMESTAMP '2024-01-01 00:00:00'),
       (4, TIMESTAMP '2024-01-10 00:00:00', 4, TIMESTAMP '2024-01-11 00:00:00'),
       (5, TIMESTAMP '2024-01-10 00:00:00', 5, TIMESTAMP '2024-01-11 00:00:00'),
       (6, TIMESTAMP '2024-01-10 00:00:00', 6, NULL)`,
    );
    const b = await put(
      'b',
      `(4::BIGINT, TIMESTAMP '2024-02-10 00:00:00', 40::DOUBLE, TIMESTAMP '2024-01-12 00:00:00'),
       (5, TIMESTAMP '2024-01-10 00:00:00', 50, TIMESTAMP '2024-01-11 00:00:00')`,
    );
    const columns = sourceColumns(timed).map(({ name, type }) => ({ name, type }));
    const at = { date: '2024-02-01', zone: 'UTC' };
    const rows = knownRows(timed, { at, happened: 'before' }, ['account', 'amount']);
    const sql = 'SELECT account, amount FROM timed ORDER BY account';
    const answered = columns.filter(({ name }) => name === 'account' || name === 'amount');
    for (const files of [
      [a, b],
      [b, a],
    ])
      assert.deepEqual(
        await answerTo(lake, {
          sql,
          relations: [{ ...sourceTable('timed', columns, files), rows }],
          columns: answered,
        }),
        [
          { account: '1', amount: 1 },
          { account: '5', amount: 50 },
        ],
      );
    assert.throws(
      () => knownRows({ ...timed, columns: { ...timed.columns, loaded_at: 'string' } }, { at }, []),
      { code: 'SOURCE_TIME_INVALID' },
    );
  });
});
