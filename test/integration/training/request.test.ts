import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readEnvironment } from '#configs/environment.ts';
import { buildTrainingFrame } from '#training/frame.ts';
import { trainingRequest } from '#training/request.ts';
import { configsOf, defaultModel, featureSet } from '#test/support/feature-configs.ts';
import { type FeatureLake, putAccounts, putPayments, withFeatureLake } from '#test/support/feature-lake.ts';

const AS_OF = '2024-03-01';
const set = featureSet();
const configs = configsOf(set);
const model = defaultModel();
const env = readEnvironment();

/** A label for each of 300 accounts, 1 for those that `defaulted` names. */
async function putLabels(
  lake: FeatureLake,
  file: string,
  defaulted: string,
  known = '2024-02-11',
): Promise<void> {
  await lake.put(
    `raw/defaults/${file}.parquet`,
    `SELECT id::BIGINT AS account, DATE '2024-02-10' AS happened_on, (${defaulted})::INT AS defaulted, DATE '${known}' AS loaded_at FROM range(1, 301) AS t(id)`,
  );
}

async function withTraining(work: (lake: FeatureLake) => Promise<void>): Promise<void> {
  await withFeatureLake(async (lake) => {
    await putAccounts(lake);
    await putPayments(lake, 'a', [2, '2024-01-10', 7, '2024-01-11']);
    await putLabels(lake, 'a', 'id % 2 = 0');
    await work(lake);
  });
}

const request = (lake: FeatureLake, refresh = false, asOf = AS_OF) =>
  trainingRequest(lake, { model, set, configs, as_of: asOf, refresh, env });

test('gives another training for the same date when labels or attributes were corrected', async () => {
  await withTraining(async (lake) => {
    const first = await request(lake);
    assert.deepEqual(await request(lake), first);
    await putLabels(lake, 'a', 'id % 2 = 1 OR id > 150');
    const flipped = await request(lake);
    assert.notEqual(flipped.key.training_digest, first.key.training_digest);
    assert.notEqual(flipped.parts.label_data, first.parts.label_data);
    assert.deepEqual({ ...flipped.parts, label_data: '' }, { ...first.parts, label_data: '' });

    await lake.put(
      'raw/accounts/corrected.parquet',
      "SELECT 1::BIGINT AS account, 100::DOUBLE AS credit, 'm' AS sex, DATE '2024-02-20' AS loaded_at",
    );
    const regrouped = await request(lake);
    assert.notEqual(regrouped.parts.fairness_data, flipped.parts.fairness_data);
    assert.notEqual(regrouped.key.training_digest, flipped.key.training_digest);
  });
});

test('keeps the training when a file arrives that the as-of date cannot see', async () => {
  await withTraining(async (lake) => {
    const first = await request(lake);
    await putLabels(lake, 'later', 'id % 3 = 0', '2024-03-02');
    assert.deepEqual(await request(lake), first);
  });
});

test('refuses label files of other types before anything is built', async () => {
  await withTraining(async (lake) => {
    await lake.put(
      'raw/defaults/words.parquet',
      "SELECT 1::BIGINT AS account, DATE '2024-02-10' AS happened_on, 'bad' AS defaulted, DATE '2024-02-11' AS loaded_at",
    );
    await assert.rejects(request(lake), { code: 'SOURCE_TYPE_DIFFERS' });
  });
});

test('refuses a frame of other labels than those that the training was asked for with', async () => {
  await withTraining(async (lake) => {
    const { partitions, parts } = await request(lake);
    for (const ref of partitions) await lake.commit(ref, configs);
    const frame = () =>
      buildTrainingFrame(lake, {
        model,
        configs,
        partitions,
        asOf: AS_OF,
        data: { label: parts.label_data, fairness: parts.fairness_data },
        output: { prefix: 'models/frame/', attempt: 'test' },
      });
    await frame();
    await putLabels(lake, 'a', 'id % 2 = 1');
    await assert.rejects(frame, { code: 'TRAINING_DATA_CHANGED', where: 'raw/defaults/' });
  });
});

test('names partitions whose inputs have changed, and the next revisions of them in a refresh', async () => {
  await withTraining(async (lake) => {
    const asOf = '2024-03-01';
    const [ref] = (await request(lake)).partitions;
    assert.ok(ref !== undefined);
    await lake.commit(ref, configs);
    assert.deepEqual((await request(lake, true, asOf)).partitions, [ref]);
    await putPayments(lake, 'late', [1, '2024-01-12', 5, '2024-01-13']);
    const stale = await request(lake);
    assert.deepEqual([stale.partitions, stale.stale, stale.refresh], [[ref], [ref], []]);
    const anew = await request(lake, true);
    assert.deepEqual([anew.partitions, anew.stale, anew.refresh], [[{ ...ref, revision: 2 }], [], [ref.dt]]);
  });
});

test('keeps the training when a partition was built again with the same rows', async () => {
  await withTraining(async (lake) => {
    const first = await request(lake);
    const [ref] = first.partitions;
    assert.ok(ref !== undefined);
    await lake.commit(ref, configs);
    // A payment on the date itself, which the query does not count.
    await putPayments(lake, 'same', [1, ref.dt, 5, '2024-01-31']);
    assert.equal((await lake.commit({ ...ref, revision: 2 }, configs)).same_rows_as, 1);
    assert.deepEqual(await request(lake), first);
  });
});
