import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelConfig } from '#configs/model.ts';
import { sourceSchema } from '#configs/source.ts';
import type { PartitionRef } from '#features/partitions/partition.ts';
import { buildTrainingFrame } from '#training/frame.ts';
import { configsOf, defaultModel, defaults, featureSet } from '#test/support/feature-configs.ts';
import { putAccounts, putPayments, withFeatureLake, type FeatureLake } from '#test/support/feature-lake.ts';

async function putDefaults(
  lake: FeatureLake,
  file: string,
  ...rows: readonly (readonly [account: number, happenedOn: string, defaulted: number, loadedAt: string])[]
): Promise<void> {
  const values = rows.map(
    ([account, on, value, at]) => `(${account}::BIGINT, DATE '${on}', ${value}::INT, DATE '${at}')`,
  );
  await lake.put(
    `raw/defaults/${file}.parquet`,
    `SELECT * FROM (VALUES ${values.join(', ')}) AS t(account, happened_on, defaulted, loaded_at)`,
  );
}

test('rows are joined to what was known of labels and attributes at the as-of date, and to nothing later', async () => {
  await withFeatureLake(async (lake) => {
    await putAccounts(lake);
    await lake.put(
      'raw/accounts/corrected.parquet',
      `SELECT * FROM (VALUES (1::BIGINT, 100::DOUBLE, 'm', DATE '2024-01-31'), (2, 200, 'f', DATE '2024-02-01'))
       AS t(account, credit, sex, loaded_at)`,
    );
    await putPayments(lake, 'a', [2, '2024-01-10', 7, '2024-01-11']);
    await putDefaults(
      lake,
      'a',
      [1, '2024-02-01', 0, '2024-02-02'],
      [1, '2024-02-29', 1, '2024-02-29'], // another fact of the period: any 1 makes the label 1
      [2, '2024-01-31', 1, '2024-02-01'], // the day before the period
      [2, '2024-02-10', 1, '2024-02-11'], // corrected below, known in time
      [2, '2024-03-01', 1, '2024-02-29'], // the day after the period
    );
    await putDefaults(lake, 'b', [2, '2024-02-10', 0, '2024-02-29'], [2, '2024-02-10', 1, '2024-03-01']);
    const set = featureSet();
    const configs = configsOf(set);
    const partitions: PartitionRef[] = [];
    for (const dt of ['2024-01-01', '2024-02-01']) {
      const ref = lake.ref(set, configs, dt);
      await lake.commit(ref, configs);
      partitions.push(ref);
    }
    const frame = async (refs: typeof partitions, model: ModelConfig = defaultModel(), asOf = '2024-03-01') =>
      await buildTrainingFrame(lake, {
        model,
        configs,
        partitions: refs,
        asOf,
        output: { prefix: 'models/frame/', attempt: 'test' },
      });

    const one = await frame(partitions.slice(1));
    assert.deepEqual(
      one.columns.map(({ name, type }) => `${name} ${type}`),
      [
        'account bigint',
        'dt date',
        'credit double',
        'paid double',
        'payments int',
        'label double',
        'attr_sex string',
      ],
    );
    assert.deepEqual([one.rows, one.positives], [2, 1]);
    assert.deepEqual(
      one.inputs.map(({ kind, name, files }) => [kind, name, files]),
      [
        ['source', 'defaults', 2],
        ['source', 'accounts', 2],
      ],
    );
    assert.ok(one.key.startsWith('models/frame/'), one.key);
    assert.deepEqual(await lake.rows(one.key, 'account::INT AS a, dt, paid, label, attr_sex'), [
      { a: 1, dt: '2024-02-01', paid: 0, label: 1, attr_sex: 'm' },
      { a: 2, dt: '2024-02-01', paid: 7, label: 0, attr_sex: 'm' },
    ]);
    assert.equal((await frame(partitions.slice(1))).sha256, one.sha256);

    const two = await frame(partitions);
    assert.deepEqual(await lake.rows(two.key, 'account::INT AS a, dt, label'), [
      { a: 1, dt: '2024-02-01', label: 1 },
      { a: 2, dt: '2024-01-01', label: 1 },
      { a: 2, dt: '2024-02-01', label: 0 },
    ]);

    await assert.rejects(frame(partitions, defaultModel(), '2024-02-29'), { code: 'LABEL_NOT_MATURE' });
    const early = partitions.slice(0, 1);
    await assert.rejects(frame(early, defaultModel({ horizon: '1 day' })), { code: 'TRAINING_FRAME_EMPTY' });
    await assert.rejects(frame(early, defaultModel({ column: 'nope' })), { code: 'LABEL_INVALID' });
    await assert.rejects(frame(early, defaultModel({ source: 'accounts', column: 'credit' })), {
      code: 'LABEL_INVALID',
    });
    await assert.rejects(
      frame(early, defaultModel({}, { fairness: { source: 'accounts', attributes: ['age'] } })),
      { code: 'FAIRNESS_INVALID' },
    );
    await putDefaults(lake, 'c', [1, '2024-01-10', 3, '2024-01-11']);
    await assert.rejects(frame(early), { code: 'LABEL_INVALID', message: /other than 0 and 1 in 1 rows/ });
    assert.equal((await lake.keys('models/frame/')).length, 3, 'frames that are refused leave no file');
  });
});

test('a label needs a window that is known in full, and a fact in it unless absent means 0', async () => {
  await withFeatureLake(async (lake) => {
    await putAccounts(lake);
    await putPayments(lake, 'a', [2, '2024-01-10', 7, '2024-01-11']);
    await putDefaults(
      lake,
      'a',
      [1, '2024-02-29', 1, '2024-03-05'], // the only fact of the window, reported five days later
      [2, '2024-04-10', 1, '2024-04-11'],
    );
    const set = featureSet();
    const reported = sourceSchema.parse({ ...defaults, availability: { reported_within: '5d' } });
    const all = configsOf(set);
    const configs = { ...all, sources: new Map([...all.sources, ['defaults', reported] as const]) };
    const ref = lake.ref(set, configs, '2024-02-01');
    await lake.commit(ref, configs);
    const frame = async (asOf: string, label: object = {}) =>
      await buildTrainingFrame(lake, {
        model: defaultModel(label),
        configs,
        partitions: [ref],
        asOf,
        output: { prefix: 'models/frame/', attempt: 'test' },
      });

    // The window ended on 2024-03-01, but a fact of its last day may become known until 2024-03-05.
    for (const asOf of ['2024-03-01', '2024-03-05'])
      for (const label of [{}, { absent: 0 }])
        await assert.rejects(frame(asOf, label), { code: 'LABEL_NOT_MATURE' });

    const positives = await frame('2024-03-06');
    assert.deepEqual(await lake.rows(positives.key, 'account::INT AS a, label'), [{ a: 1, label: 1 }]);
    assert.deepEqual([positives.rows, positives.unlabelled, positives.waiting_dates], [1, 1, 1]);

    const both = await frame('2024-03-06', { absent: 0 });
    assert.deepEqual(await lake.rows(both.key, 'account::INT AS a, label'), [
      { a: 1, label: 1 },
      { a: 2, label: 0 },
    ]);
    assert.deepEqual([both.rows, both.unlabelled], [2, 0]);

    await lake.put(
      'raw/defaults/unknown.parquet',
      "SELECT 2::BIGINT AS account, DATE '2024-02-10' AS happened_on, NULL::INT AS defaulted, DATE '2024-02-11' AS loaded_at",
    );
    const unknown = await frame('2024-03-06', { absent: 0 });
    assert.deepEqual([unknown.rows, unknown.unlabelled], [1, 1], 'a fact without a label is not absent');
  });
});

test('values of any type become labels by what positive names; null stays without one', async () => {
  await withFeatureLake(async (lake) => {
    await lake.put(
      'raw/accounts/a.parquet',
      "SELECT range AS account, 100::DOUBLE AS credit, 'f' AS sex, DATE '2024-01-01' AS loaded_at FROM range(1, 9)",
    );
    await putPayments(lake, 'a', [2, '2024-01-10', 7, '2024-01-11']);
    await lake.put(
      'raw/defaults/a.parquet',
      `SELECT account::BIGINT AS account, DATE '2024-02-10' AS happened_on, DATE '2024-02-11' AS loaded_at, * EXCLUDE (account)
       FROM (VALUES (1, 'bad', 9007199254740993::BIGINT, 2::INT, true, 0.1::DOUBLE),
                    (2, 'Bad', 9007199254740992, 1, false, 0.10000000000000002),
                    (3, 'it''s \\ 坏', 0, 0, true, -0.0),
                    (4, '', -9223372036854775808, -1, false, 'Infinity'),
                    (5, 'bad ', 1, 3, false, 1),
                    (6, NULL, NULL, NULL, NULL, NULL)) AS t(account, status, big, small, flag, share)`,
    );
    const set = featureSet();
    const types = { status: 'string', big: 'bigint', small: 'int', flag: 'boolean', share: 'double' };
    const source = sourceSchema.parse({ ...defaults, columns: { ...defaults.columns, ...types } });
    source.columns = Object.fromEntries(
      Object.entries(source.columns).filter(([name]) => name !== 'defaulted'),
    );
    const all = configsOf(set);
    const configs = { ...all, sources: new Map([...all.sources, ['defaults', source] as const]) };
    const ref = lake.ref(set, configs, '2024-02-01');
    await lake.commit(ref, configs);
    const frame = async (label: object) =>
      await buildTrainingFrame(lake, {
        model: defaultModel(label),
        configs,
        partitions: [ref],
        asOf: '2024-04-01',
        output: { prefix: 'models/frame/', attempt: 'test' },
      });
    const positives = async (label: object): Promise<unknown[]> => {
      const { key, rows, unlabelled } = await frame(label);
      const absent = 'absent' in label;
      assert.deepEqual([rows, unlabelled], absent ? [7, 1] : [5, 3], JSON.stringify(label));
      const found = (await lake.rows(key, 'account::INT AS a, label')) as { a: number; label: number }[];
      return found.filter(({ label: value }) => value === 1).map(({ a }) => a);
    };

    assert.deepEqual(await positives({ column: 'status', positive: 'bad' }), [1]);
    assert.deepEqual(await positives({ column: 'status', positive: ['Bad', "it's \\ 坏"] }), [2, 3]);
    assert.deepEqual(await positives({ column: 'status', positive: '' }), [4]);
    assert.deepEqual(await positives({ column: 'status', positive: "' OR '1' = '1" }), []);
    assert.deepEqual(await positives({ column: 'status', positive: 'bad', absent: 0 }), [1]);
    assert.deepEqual(await positives({ column: 'big', positive: '9007199254740993' }), [1]);
    assert.deepEqual(await positives({ column: 'big', positive: ['-9223372036854775808', 1] }), [4, 5]);
    assert.deepEqual(await positives({ column: 'small', positive: [2, -1] }), [1, 4]);
    assert.deepEqual(await positives({ column: 'flag', positive: false }), [2, 4, 5]);
    assert.deepEqual(await positives({ column: 'share', positive: [0.1, 0] }), [1, 3]);
    await assert.rejects(frame({ column: 'small' }), {
      code: 'LABEL_INVALID',
      message: /other than 0 and 1/,
    });

    await lake.put(
      'raw/defaults/b.parquet',
      `SELECT 7::BIGINT AS account, DATE '2024-02-10' AS happened_on, DATE '2024-02-11' AS loaded_at, NULL::VARCHAR AS status,
       NULL::BIGINT AS big, NULL::INT AS small, NULL::BOOLEAN AS flag, 'NaN'::DOUBLE AS share`,
    );
    await assert.rejects(frame({ column: 'share', positive: 1 }), {
      code: 'LABEL_INVALID',
      message: /holds NaN in 1 rows/,
    });
  });
});

test('groups are those of each row’s date, in the time zone of the set', async () => {
  await withFeatureLake(async (lake) => {
    await putAccounts(lake);
    await lake.put(
      'raw/accounts/moved.parquet',
      "SELECT 1::BIGINT AS account, 100::DOUBLE AS credit, 'm' AS sex, DATE '2024-01-31' AS loaded_at",
    );
    await putPayments(lake, 'a', [1, '2024-01-10', 7, '2024-01-11']);
    const facts = sourceSchema.parse({
      ...defaults,
      columns: { ...defaults.columns, happened_on: 'timestamp' },
    });
    // In Taipei, February begins on 2024-01-31 at 16:00 UTC.
    await lake.put(
      'raw/defaults/a.parquet',
      `SELECT * FROM (VALUES (1::BIGINT, TIMESTAMP '2024-01-31 15:59:59', 1, DATE '2024-02-01'),
       (2, TIMESTAMP '2024-01-31 16:00:00', 1, DATE '2024-02-01'), (1, TIMESTAMP '2024-02-29 15:59:59', 0, DATE '2024-02-29'))
       AS t(account, happened_on, defaulted, loaded_at)`,
    );
    const set = featureSet({
      partition: { grain: 'month', start: '2024-01-01', max_staleness: '35d', time_zone: 'Asia/Taipei' },
    });
    const all = configsOf(set);
    const configs = { ...all, sources: new Map([...all.sources, ['defaults', facts] as const]) };
    const partitions = ['2024-01-01', '2024-02-01'].map((dt) => lake.ref(set, configs, dt));
    for (const ref of partitions) await lake.commit(ref, configs);
    const { key } = await buildTrainingFrame(lake, {
      model: defaultModel(),
      configs,
      partitions,
      asOf: '2024-03-01',
      output: { prefix: 'models/frame/', attempt: 'test' },
    });
    assert.deepEqual(await lake.rows(key, 'account::INT AS a, dt, label, attr_sex'), [
      { a: 1, dt: '2024-01-01', label: 1, attr_sex: 'f' },
      { a: 1, dt: '2024-02-01', label: 0, attr_sex: 'm' },
      { a: 2, dt: '2024-02-01', label: 1, attr_sex: 'm' },
    ]);
  });
});

test('numbers and dates of birth are grouped by their bands on the date of each row', async () => {
  await withFeatureLake(async (lake) => {
    const people: readonly (readonly [age: string, income: string, born: string])[] = [
      ['24', '0.1', '1999-02-01'],
      ['25', "'0.09999999999999999'", '1999-02-02'],
      ['39', '-0.0', '1999-03-01'],
      ['40', "'Infinity'", '1984-01-01'],
      ['NULL', "'NaN'", 'NULL'],
      ['-1', 'NULL', '2024-06-01'],
    ];
    const values = people.map(
      ([age, income, born], index) =>
        `(${index + 1}::BIGINT, ${age}::INT, ${income}::DOUBLE, ${born === 'NULL' ? born : `'${born}'`}::DATE)`,
    );
    await lake.put(
      'raw/accounts/a.parquet',
      `SELECT *, 1::DOUBLE AS credit, 'f' AS sex, DATE '2024-01-01' AS loaded_at FROM (VALUES ${values.join(', ')}) AS t(account, age, income, born)`,
    );
    await putPayments(lake, 'a', [2, '2024-01-10', 7, '2024-01-11']);
    await lake.put(
      'raw/defaults/a.parquet',
      `SELECT range AS account, d.day AS happened_on, (range % 2)::INT AS defaulted, d.day + 1 AS loaded_at
       FROM range(1, 7), (VALUES (DATE '2024-02-10'), (DATE '2024-03-10')) AS d(day)`,
    );
    const set = featureSet();
    const all = configsOf(set);
    const more = { age: 'int', income: 'double', born: 'date' };
    const accounts = all.sources.get('accounts');
    const source = sourceSchema.parse({ ...accounts, columns: { ...accounts?.columns, ...more } });
    const configs = { ...all, sources: new Map([...all.sources, ['accounts', source] as const]) };
    const partitions = ['2024-02-01', '2024-03-01'].map((dt) => lake.ref(set, configs, dt));
    for (const ref of partitions) await lake.commit(ref, configs);
    const { key, columns } = await buildTrainingFrame(lake, {
      model: defaultModel(
        {},
        {
          fairness: {
            source: 'accounts',
            attributes: [
              { column: 'age', bands: [0, 25, 40] },
              { column: 'income', bands: [0, 0.1] },
              { column: 'born', age_bands: [25, 40] },
            ],
          },
        },
      ),
      configs,
      partitions,
      asOf: '2024-06-01',
      output: { prefix: 'models/frame/', attempt: 'test' },
    });
    assert.deepEqual(
      columns.slice(-3).map(({ name, type }) => `${name} ${type}`),
      ['attr_age string', 'attr_income string', 'attr_born string'],
    );
    const found = await lake.rows(key, 'account::INT AS a, dt, attr_age, attr_income, attr_born');
    assert.deepEqual(
      (found as { dt: string; attr_age: string; attr_income: string; attr_born: string }[])
        .filter(({ dt }) => dt === '2024-02-01')
        .map(({ attr_age, attr_income, attr_born }) => [attr_age, attr_income, attr_born]),
      [
        ['0 to 25', '0.1 and over', '25 to 40'],
        ['25 to 40', '0 to 0.1', 'under 25'],
        ['25 to 40', '0 to 0.1', 'under 25'],
        ['40 and over', '0.1 and over', '40 and over'],
        [null, null, null],
        ['under 0', null, 'under 25'],
      ],
    );
    assert.deepEqual(
      (found as { dt: string; attr_born: string }[])
        .filter(({ dt }) => dt === '2024-03-01')
        .map(({ attr_born }) => attr_born),
      ['25 to 40', '25 to 40', '25 to 40', '40 and over', null, 'under 25'],
    );
  });
});

for (const type of ['decimal(38,0)', 'bigint'])
  test(`joins entities of ${type} that are neighbours above 2^53 exactly`, async () => {
    await withFeatureLake(async (lake) => {
      const ids = ['9007199254740992', '9007199254740993'];
      const rows = (columns: (id: string, index: number) => string) =>
        ids.map((id, index) => `(${id}::${type}, ${columns(id, index)})`).join(', ');
      await lake.put(
        'raw/accounts/a.parquet',
        `SELECT * FROM (VALUES ${rows((_, index) => `${index}::DOUBLE, 's${index}', DATE '2023-12-01'`)}) AS t(account, credit, sex, loaded_at)`,
      );
      await lake.put(
        'raw/defaults/a.parquet',
        `SELECT * FROM (VALUES ${rows((_, index) => `DATE '2024-01-10', ${index}::INT, DATE '2024-01-11'`)}) AS t(account, happened_on, defaulted, loaded_at)`,
      );
      const set = featureSet({
        sql: 'SELECT account, credit FROM {{ sources.accounts }}',
        sources: ['accounts'],
        features: { credit: 'double' },
      });
      const base = configsOf(set);
      const sources = new Map(
        [...base.sources].map(([name, source]) => [
          name,
          { ...source, columns: { ...source.columns, account: type } },
        ]),
      );
      const configs = { ...base, sources };
      const ref = lake.ref(set, configs, '2024-01-01');
      await lake.commit(ref, configs);
      const frame = await buildTrainingFrame(lake, {
        model: defaultModel(),
        configs,
        partitions: [ref],
        asOf: '2024-03-01',
        output: { prefix: 'models/frame/', attempt: 'test' },
      });
      assert.deepEqual(frame.columns[0], { name: 'account', type });
      assert.deepEqual(await lake.rows(frame.key, 'account::VARCHAR AS id, credit, label, attr_sex'), [
        { id: ids[0], credit: 0, label: 0, attr_sex: 's0' },
        { id: ids[1], credit: 1, label: 1, attr_sex: 's1' },
      ]);
    });
  });
