import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MillraceError } from '#errors/millrace-error.ts';
import { sourceFiles } from '#features/sources/source-files.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { configsOf, featureSet } from '#test/support/feature-configs.ts';
import { type FeatureLake, putAccounts, putPayments, withFeatureLake } from '#test/support/feature-lake.ts';

const DT = '2024-02-01';

async function failureAt(lake: FeatureLake, dt: string): Promise<MillraceError> {
  const set = featureSet();
  const configs = configsOf(set);
  const error: unknown = await lake.build(lake.ref(set, configs, dt), configs).then(
    () => assert.fail('it was built'),
    (problem: unknown) => problem,
  );
  assert.ok(error instanceof MillraceError, String(error));
  return error;
}

test('stops only the dates that read a file that does not fit', async () => {
  await withFeatureLake(async (lake) => {
    await putAccounts(lake);
    await putPayments(lake, 'a', [2, '2024-01-10', 7, '2024-01-11']);
    await lake.put(
      'raw/payments/march.parquet',
      "SELECT 1::BIGINT AS account, DATE '2024-03-10' AS paid_on, 5::DOUBLE AS amount_eur, DATE '2024-03-11' AS loaded_at",
    );
    const set = featureSet();
    const configs = configsOf(set);
    for (const dt of [DT, '2024-03-01']) await lake.build(lake.ref(set, configs, dt), configs);
    const renamed = await failureAt(lake, '2024-04-01');
    assert.equal(renamed.code, 'SOURCE_COLUMN_MISSING');
    assert.match(renamed.message, /march\.parquet; not declared there: amount_eur/);
  });
});

test('names a file that is not a complete Parquet file', async () => {
  await withFeatureLake(async (lake) => {
    await putAccounts(lake);
    await putPayments(lake, 'a', [2, '2024-01-10', 7, '2024-01-11']);
    const whole = await lake.objects.get('raw/payments/a.parquet');
    const wrongFooter = Buffer.from(whole);
    wrongFooter.fill(0x5a, whole.length - 200, whole.length - 8);
    const wrongLength = Buffer.from(whole);
    wrongLength.writeUInt32LE(0x7fff_ffff, whole.length - 8);
    const cases = [
      Buffer.alloc(0),
      whole.subarray(0, 6),
      whole.subarray(0, whole.length / 2),
      wrongFooter,
      wrongLength,
    ];
    for (const [index, bytes] of cases.entries()) {
      await lake.objects.put('raw/payments/b.parquet', bytes);
      const { code, where } = await failureAt(lake, DT);
      const uri = lake.objects.uri('raw/payments/b.parquet');
      assert.deepEqual([code, where], ['SOURCE_FILE_UNREADABLE', uri], String(index));
    }
    assert.deepEqual(await lake.keys('features/'), []);
  });
});

test('reads each footer once, also for a process that comes later', async () => {
  await withFeatureLake(async (lake) => {
    await putPayments(lake, 'a', [2, '2024-01-10', 7, '2024-01-11']);
    await putPayments(lake, 'b', [2, '2024-02-10', 7, '2024-02-11']);
    let reads = 0;
    const counting = (): ObjectStore => ({
      ...lake.objects,
      getRange: (...asked) => {
        reads += 1;
        return lake.objects.getRange(...asked);
      },
    });
    const first = counting();
    const files = await sourceFiles(first, 'raw/payments/');
    assert.deepEqual(
      files.map(({ key, facts }) => [key, facts.earliest['loaded_at'], facts.rows]),
      [
        ['raw/payments/a.parquet', '2024-01-11T00:00:00.000Z', 1],
        ['raw/payments/b.parquet', '2024-02-11T00:00:00.000Z', 1],
      ],
    );
    assert.deepEqual(await sourceFiles(first, 'raw/payments/'), files);
    const second = counting();
    assert.deepEqual(await sourceFiles(second, 'raw/payments/'), files);
    assert.equal(reads, 2);

    await putPayments(lake, 'b', [2, '2024-02-10', 7, '2024-03-11']);
    const changed = await sourceFiles(second, 'raw/payments/');
    assert.deepEqual([reads, changed[1]?.facts.earliest['loaded_at']], [3, '2024-03-11T00:00:00.000Z']);

    await lake.objects.put('footers/raw/payments/facts-3.json.gz', 'rubbish');
    assert.deepEqual(await sourceFiles(counting(), 'raw/payments/'), changed);
    assert.equal(reads, 5);
  });
});
