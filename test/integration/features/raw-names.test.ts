import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FeatureSetConfig, featureSetSchema } from '#configs/feature-set.ts';
import { sourceSchema } from '#configs/source.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { featureQuery } from '#features/query/feature-query.ts';
import { type FeatureLake, withFeatureLake } from '#test/support/feature-lake.ts';
import { putWithPyarrow } from '#test/support/pyarrow-files.ts';

const DT = '2024-02-01';
const ODD = { column: 'Größe (EUR)', type: 'double' };

function configsOf(columns: object, sql: string, feature: string, more: object = {}) {
  const source = sourceSchema.parse({
    kind: 'Source',
    name: 'kunden',
    owner: 'core',
    location: 'raw/kunden/',
    keys: ['customer'],
    known_time: 'loaded',
    columns: {
      customer: { column: 'KundenNr', type: 'bigint' },
      loaded: { column: 'Ladezeit', type: 'date' },
      ...columns,
    },
    ...more,
  });
  const set: FeatureSetConfig = {
    ...featureSetSchema.parse({
      kind: 'FeatureSet',
      name: 'merkmale',
      owner: 'risk',
      entity: 'customer',
      sources: ['kunden'],
      partition: { grain: 'month', start: '2024-01-01', max_staleness: '35d' },
      sql: 'merkmale.sql',
      features: { [feature]: { type: 'double', description: feature } },
    }),
    sql_text: sql,
    macro_texts: [],
  };
  return {
    set,
    configs: { sources: new Map([['kunden', source]]), featureSets: new Map([['merkmale', set]]) },
  };
}

type Configs = ReturnType<typeof configsOf>;

const SIZE_SQL = 'SELECT customer, size_eur AS size FROM {{ sources.kunden }}';

async function failure(lake: FeatureLake, { set, configs }: Configs): Promise<MillraceError> {
  const error: unknown = await lake
    .build(lake.ref(set, configs, DT), configs)
    .catch((found: unknown) => found);
  assert.ok(error instanceof MillraceError, 'it was built');
  return error;
}

async function put(
  lake: FeatureLake,
  file: string,
  columns: Readonly<Record<string, string>>,
): Promise<string> {
  const names = Object.keys(columns).map((name) => JSON.stringify(name));
  return await putWithPyarrow(
    lake.objects,
    `raw/kunden/${file}.parquet`,
    `write(pa.Table.from_arrays([${Object.values(columns)
      .map((values) => `pa.array(${values})`)
      .join(', ')}], names=[${names.join(', ')}]))`,
  );
}

const JANUARY = '[d.date(2024, 1, 1)]';

test('reads odd columns of files, whatever their case, by the names that the source gives them', async () => {
  await withFeatureLake(async (lake) => {
    await put(lake, 'a', {
      KundenNr: '[1]',
      'Größe (EUR)': '[1.5]',
      'PLZ-Ort': "['x']",
      金额: '[9.0]',
      Ladezeit: JANUARY,
    });
    await put(lake, 'b', { LADEZEIT: JANUARY, 'GRÖßE (eur)': '[2.5]', kundennr: '[2]' });
    await put(lake, 'later', { KundenNr: '[3]', 'Größe (EUR)': '[3.5]', Ladezeit: '[d.date(2024, 2, 1)]' });
    const { set, configs } = configsOf({ size_eur: ODD }, SIZE_SQL, 'size');
    const manifest = await lake.build(lake.ref(set, configs, DT), configs);
    assert.deepEqual(await lake.rows(manifest.parts[0]?.key ?? ''), [
      { customer: '1', size: 1.5 },
      { customer: '2', size: 2.5 },
    ]);
    assert.deepEqual(manifest.lineage, [
      { feature: 'size', sources: ['kunden.size_eur'], expression: 'size_eur' },
    ]);
    // The known time is found by its name in the files, so the file of February does not count.
    assert.equal(manifest.inputs[0]?.files, 2);
  });
});

test('knows a raw name neither in queries nor among the sensitive columns', () => {
  const columns = { size_eur: ODD, band: { column: 'Alter', type: 'double' } };
  const asked = (sql: string) => {
    const { set, configs } = configsOf(columns, sql, 'size', { sensitive: ['band'] });
    return () => featureQuery(set, configs, DT);
  };
  const code = (expected: string) => (error: unknown) =>
    error instanceof MillraceError && error.code === expected;
  assert.doesNotThrow(asked(SIZE_SQL));
  assert.throws(
    asked('SELECT customer, `Größe (EUR)` AS size FROM {{ sources.kunden }}'),
    code('SQL_INVALID'),
  );
  assert.throws(
    asked('SELECT customer, band AS size FROM {{ sources.kunden }}'),
    code('FEATURE_FROM_SENSITIVE'),
  );
  assert.throws(asked('SELECT customer, Alter AS size FROM {{ sources.kunden }}'), code('SQL_INVALID'));
});

test('refuses a file in which several columns may be meant', async () => {
  await withFeatureLake(async (lake) => {
    const rest = { KundenNr: '[1]', Ladezeit: JANUARY };
    const uri = await put(lake, 'a', { ...rest, 'Größe (EUR)': '[1.5]', 'größe (eur)': '[2.5]' });
    const error = await failure(lake, configsOf({ size_eur: ODD }, SIZE_SQL, 'size'));
    assert.deepEqual([error.code, error.where], ['SOURCE_TYPE_DIFFERS', uri]);
    assert.match(
      error.message,
      /^Column "size_eur" of source "kunden", "Größe \(EUR\)" in its files, is declared as double; .* holds several columns of such a name \(Größe \(EUR\), größe \(eur\)\)\.$/,
    );
    // DuckDB would read the second column as A_1 here, and the third as a_1_1.
    await put(lake, 'a', { ...rest, a: '[1.0]', A: '[2.0]', a_1: '[3.0]' });
    const renamed = configsOf(
      { a_1: 'double' },
      'SELECT customer, a_1 AS size FROM {{ sources.kunden }}',
      'size',
    );
    assert.equal((await failure(lake, renamed)).code, 'SOURCE_TYPE_DIFFERS');
    // Columns that are not declared do no harm.
    await put(lake, 'a', { ...rest, a: '[1.0]', A: '[2.0]', 'Größe (EUR)': '[4.5]' });
    const { set, configs } = configsOf({ size_eur: ODD }, SIZE_SQL, 'size');
    const manifest = await lake.build(lake.ref(set, configs, DT), configs);
    assert.deepEqual(await lake.rows(manifest.parts[0]?.key ?? ''), [{ customer: '1', size: 4.5 }]);
  });
});

test('names the column of the files that is missing, and what is there instead', async () => {
  await withFeatureLake(async (lake) => {
    await put(lake, 'a', { KundenNr: '[1]', Ladezeit: JANUARY, Groesse: '[1.5]' });
    const error = await failure(lake, configsOf({ size_eur: ODD }, SIZE_SQL, 'size'));
    assert.equal(error.code, 'SOURCE_COLUMN_MISSING');
    assert.match(
      error.message,
      /"size_eur".*"Größe \(EUR\)" in its files, is missing in .*a\.parquet; not declared there: Groesse\.$/,
    );
  });
});

test('takes columns from the names of folders, also dates without dashes, and columns without a value', async () => {
  await withFeatureLake(async (lake) => {
    await put(lake, 'Ladezeit=20240101/a', { KundenNr: '[1]', 'Größe (EUR)': '[1.5]' });
    await put(lake, 'ladezeit=2024-01-02/a', { KundenNr: '[2]', 'Größe (EUR)': 'pa.nulls(1)' });
    const { set, configs } = configsOf({ size_eur: ODD }, SIZE_SQL, 'size');
    const manifest = await lake.build(lake.ref(set, configs, DT), configs);
    assert.deepEqual(await lake.rows(manifest.parts[0]?.key ?? ''), [
      { customer: '1', size: 1.5 },
      { customer: '2', size: null },
    ]);
    await put(lake, 'Ladezeit=20240231/a', { KundenNr: '[3]', 'Größe (EUR)': '[1.5]' });
    assert.equal((await failure(lake, { set, configs })).code, 'SOURCE_TYPE_DIFFERS');
  });
});
