import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FeatureConfigs } from '#catalog/feature-configs.ts';
import { type FeatureSetConfig, featureSetSchema } from '#configs/feature-set.ts';
import { sourceSchema } from '#configs/source.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { type FeatureLake, withFeatureLake } from '#test/support/feature-lake.ts';
import { putWithPyarrow } from '#test/support/pyarrow-files.ts';

const DT = '2024-02-01';
const FOLDER = 'raw/things/';

/** A source of these columns beside `id` and `loaded_at`, and a set whose features are texts. */
function configsOf(columns: object, select: Readonly<Record<string, string>>, id = 'bigint') {
  const source = sourceSchema.parse({
    kind: 'Source',
    name: 'things',
    owner: 'core',
    location: FOLDER,
    keys: ['id'],
    known_time: 'loaded_at',
    columns: { id, ...columns, loaded_at: 'date' },
  });
  const features = Object.keys(select).map((name) => [name, { type: 'string', description: name }]);
  const set: FeatureSetConfig = {
    ...featureSetSchema.parse({
      kind: 'FeatureSet',
      name: 'read',
      owner: 'risk',
      entity: 'id',
      sources: ['things'],
      partition: { grain: 'month', start: '2024-01-01', max_staleness: '35d' },
      sql: 'read.sql',
      features: Object.fromEntries(features),
    }),
    sql_text: `SELECT id, ${Object.entries(select)
      .map(([name, sql]) => `CAST(${sql} AS STRING) AS ${name}`)
      .join(', ')} FROM {{ sources.things }}`,
    macro_texts: [],
  };
  const configs: FeatureConfigs = {
    sources: new Map([['things', source]]),
    featureSets: new Map([['read', set]]),
  };
  return { set, configs };
}

type Configs = ReturnType<typeof configsOf>;

/** Rows of the partition, in the order of the ids; DuckDB gives wide numbers as text. */
async function rowsOf(lake: FeatureLake, { set, configs }: Configs): Promise<unknown[]> {
  const manifest = await lake.build(lake.ref(set, configs, DT), configs);
  return await lake.rows(manifest.parts[0]?.key ?? '');
}

async function failure(lake: FeatureLake, { set, configs }: Configs): Promise<MillraceError> {
  const error: unknown = await lake
    .build(lake.ref(set, configs, DT), configs)
    .catch((found: unknown) => found);
  assert.ok(error instanceof MillraceError, 'it was built');
  return error;
}

const LOADED = `'loaded_at': [d.date(2024, 1, 1)]`;

test('reads decimals of every physical type exactly, also beside files of integers', async () => {
  await withFeatureLake(async (lake) => {
    await putWithPyarrow(
      lake.objects,
      `${FOLDER}fixed.parquet`,
      `write(pa.table({'id': pa.array([D(9007199254740992), D(9007199254740993), D(-5)], pa.decimal128(38, 0)),
        'amount': pa.array([D('-1234567.89'), None, D('0.01')], pa.decimal128(9, 2)), ${LOADED} * 3}))`,
    );
    await putWithPyarrow(
      lake.objects,
      `${FOLDER}integers.parquet`,
      `write(pa.table({'id': pa.array([7, 8], pa.int64()),
        'amount': pa.array([D('-2.5'), None], pa.decimal128(5, 1)), ${LOADED} * 2}), store_decimal_as_integer=True)`,
    );
    await lake.put(
      `${FOLDER}duckdb.parquet`,
      `SELECT 99999999999999999999999999999999999999::DECIMAL(38,0) AS id, 3::INTEGER AS amount, DATE '2024-01-01' AS loaded_at`,
    );
    const configs = configsOf({ amount: 'decimal(14,2)' }, { amount: 'amount' }, 'decimal(38,0)');
    const manifest = await lake.build(lake.ref(configs.set, configs.configs, DT), configs.configs);
    assert.deepEqual(manifest.schema[0], { name: 'id', type: 'decimal(38,0)' });
    const key = manifest.parts[0]?.key ?? '';
    assert.deepEqual(await lake.rows(key, 'DISTINCT typeof(id) AS type'), [{ type: 'DECIMAL(38,0)' }]);
    assert.deepEqual(await lake.rows(key), [
      { id: '-5', amount: '0.01' },
      { id: '7', amount: '-2.50' },
      { id: '8', amount: null },
      { id: '9007199254740992', amount: '-1234567.89' },
      { id: '9007199254740993', amount: null },
      { id: '99999999999999999999999999999999999999', amount: '3.00' },
    ]);
  });
});

test('reads whole decimals as integers or texts, and refuses what an integer cannot hold', async () => {
  await withFeatureLake(async (lake) => {
    const put = async (...ids: readonly string[]) =>
      await putWithPyarrow(
        lake.objects,
        `${FOLDER}a.parquet`,
        `write(pa.table({'id': pa.array([${ids.map((id) => `D('${id}')`).join(', ')}], pa.decimal128(38, 0)), ${LOADED} * ${ids.length}}))`,
      );
    await put('9007199254740992', '9007199254740993', '-9223372036854775808');
    for (const type of ['bigint', 'string', 'decimal(38,0)']) {
      assert.deepEqual(
        await rowsOf(lake, configsOf({}, { same: 'id' }, type)),
        ['-9223372036854775808', '9007199254740992', '9007199254740993'].map((id) => ({ id, same: id })),
      );
    }
    const uri = await put('5', '9223372036854775808');
    const error = await failure(lake, configsOf({}, { same: 'id' }));
    assert.equal(error.code, 'SOURCE_VALUE_INVALID');
    assert.equal(error.where, uri);
    assert.match(
      error.message,
      /^Column "id" of source "things" is declared as bigint, and holds a number outside its range in s3:/,
    );
    assert.doesNotMatch(JSON.stringify(error), /9223372036854775808/);
  });
});

test('refuses a file whose decimals do not fit the declared precision or scale, by column and file', async () => {
  await withFeatureLake(async (lake) => {
    const put = async (file: string, type: string) =>
      await putWithPyarrow(
        lake.objects,
        `${FOLDER}${file}.parquet`,
        `write(pa.table({'id': [1], 'amount': pa.array([D('1')], pa.decimal128(${type})), ${LOADED}}))`,
      );
    await put('fits', '6, 2');
    for (const type of ['7, 2', '6, 3']) {
      const uri = await put('wide', type);
      const error = await failure(lake, configsOf({ amount: 'decimal(6,2)' }, { amount: 'amount' }));
      assert.equal(error.code, 'SOURCE_TYPE_DIFFERS');
      assert.equal(error.where, uri);
      assert.match(
        error.message,
        /"amount".*declared as decimal\(6,2\).*wide\.parquet holds decimal\(\d,\d\), while .*fits\.parquet/,
      );
    }
  });
});

test('reads zoned, unzoned and INT96 timestamps as Spark does in UTC', async () => {
  await withFeatureLake(async (lake) => {
    await putWithPyarrow(
      lake.objects,
      `${FOLDER}a.parquet`,
      `write(pa.table({'id': [1, 2], 'seen': pa.array([at('2023-12-31T23:30:00.123456'), None], pa.timestamp('us', tz='Europe/Paris')),
        'noted': pa.array([at('1969-12-31T23:59:59.999999'), at('2024-03-31T02:30:00')], pa.timestamp('us')), ${LOADED} * 2}))`,
    );
    await putWithPyarrow(
      lake.objects,
      `${FOLDER}b.parquet`,
      `write(pa.table({'id': [3], 'seen': pa.array([at('1900-01-01T01:02:03.000004')], pa.timestamp('us')),
        'noted': pa.array([at('2024-01-01T01:02:03')], pa.timestamp('ms')), ${LOADED}}))`,
    );
    const columns = { seen: 'timestamp', noted: 'timestamp_ntz' };
    const configs = configsOf(columns, { seen: 'seen', noted: 'noted' });
    const expected = [
      { id: 1, seen: '2023-12-31 23:30:00.123456', noted: '1969-12-31 23:59:59.999999' },
      { id: 2, seen: null, noted: '2024-03-31 02:30:00' },
      { id: 3, seen: '1900-01-01 01:02:03.000004', noted: '2024-01-01 01:02:03' },
    ].map((row) => ({ ...row, id: String(row.id) }));
    assert.deepEqual(await rowsOf(lake, configs), expected);

    const int96 = await putWithPyarrow(
      lake.objects,
      `${FOLDER}c.parquet`,
      `write(pa.table({'id': [4], 'seen': pa.array([at('2024-01-01T05:00:00.5')], pa.timestamp('us')),
        'noted': pa.array([at('2024-01-01T01:02:03')], pa.timestamp('us')), ${LOADED}}), use_deprecated_int96_timestamps=True)`,
    );
    // INT96 holds instants, which have no wall-clock time without a zone.
    const error = await failure(lake, configs);
    assert.deepEqual([error.code, error.where], ['SOURCE_TYPE_DIFFERS', int96]);
    assert.match(
      error.message,
      /"noted" of source "things" is declared as timestamp_ntz; .* holds timestamp/,
    );
    const rows = await rowsOf(lake, configsOf({ seen: 'timestamp' }, { seen: 'seen' }));
    assert.deepEqual(rows.at(-1), { id: '4', seen: '2024-01-01 05:00:00.5' });
  });
});

test('reads unmarked bytes as UTF-8 text, and refuses bytes that are none without showing them', async () => {
  await withFeatureLake(async (lake) => {
    const put = async (file: string, bytes: string) =>
      await putWithPyarrow(
        lake.objects,
        `${FOLDER}${file}.parquet`,
        `write(pa.table({'id': [${file === 'a' ? '1, 2' : '3, 4'}], 'branch': pa.array([${bytes}, None], pa.binary()),
          'codes': pa.array([[${bytes}, None], []], pa.list_(pa.binary())), ${LOADED} * 2}))`,
      );
    await put('a', `'Zürich\\x00金'.encode()`);
    const select = { branch: 'branch', codes: "array_join(codes, '|', '?')" };
    const configs = configsOf({ branch: 'string', codes: 'array<string>' }, select);
    assert.deepEqual(await rowsOf(lake, configs), [
      { id: '1', branch: 'Zürich\0金', codes: 'Zürich\0金|?' },
      { id: '2', branch: null, codes: '' },
    ]);
    const uri = await put('b', `b'Z\\xfcrich'`);
    const error = await failure(lake, configs);
    assert.equal(error.code, 'SOURCE_VALUE_INVALID');
    assert.equal(error.where, uri);
    assert.match(
      error.message,
      /Column "(branch|codes)" of source "things" is declared as .*string.*, and holds bytes that are not UTF-8 text/,
    );
    assert.doesNotMatch(JSON.stringify([error, error.message, error.details]), /rich/);
  });
});

test('reads UUIDs as their text of 36 characters, which are the bytes of the file', async () => {
  await withFeatureLake(async (lake) => {
    await putWithPyarrow(
      lake.objects,
      `${FOLDER}a.parquet`,
      `ids = [uuid.UUID('00000000-0000-0000-0000-00000000000a'), uuid.UUID('ffeeddcc-bbaa-9988-7766-554433221100')]
write(pa.table({'id': pa.array([i.bytes for i in ids], pa.uuid()), 'text': [str(i) for i in ids], 'hex': [i.bytes.hex() for i in ids],
  'other': pa.array([None, ids[1].bytes], pa.uuid()), ${LOADED} * 2}))`,
    );
    const rows = await rowsOf(
      lake,
      configsOf(
        { text: 'string', hex: 'string', other: 'string' },
        { same: 'id = text', bytes: "replace(id, '-', '') = hex", other: 'other' },
        'string',
      ),
    );
    assert.deepEqual(rows, [
      { id: '00000000-0000-0000-0000-00000000000a', bytes: 'true', other: null, same: 'true' },
      {
        id: 'ffeeddcc-bbaa-9988-7766-554433221100',
        bytes: 'true',
        other: 'ffeeddcc-bbaa-9988-7766-554433221100',
        same: 'true',
      },
    ]);
  });
});

const NESTED = {
  tags: 'array<string>',
  grid: 'array<array<bigint>>',
  rates: 'map<string,decimal(10,3)>',
  address: 'struct<city: string, `post code`: bigint, since: array<struct<day: date>>>',
};
const NESTED_SELECT = {
  tags: "concat(size(tags), array_join(tags, '|', '?'))",
  grid: 'element_at(element_at(grid, 2), 1)',
  rate: "element_at(rates, 'a')",
  rates: 'size(rates)',
  city: 'address.city',
  post: 'address.`post code`',
  since: 'element_at(address.since, 1).day',
};

test('reads lists, maps and structs of pyarrow and of DuckDB alike, by the names of fields', async () => {
  await withFeatureLake(async (lake) => {
    await putWithPyarrow(
      lake.objects,
      `${FOLDER}pyarrow.parquet`,
      `inner = pa.struct([('extra', pa.int8()), ('Post Code', pa.int32()), ('CITY', pa.binary()), ('since', pa.list_(pa.struct([('day', pa.date32())])))])
write(pa.table({'id': [1, 2, 3], 'tags': pa.array([['x', None], None, []]),
  'grid': pa.array([[[1], [2, 3]], None, [None, []]], pa.list_(pa.list_(pa.int32()))),
  'rates': pa.array([[('a', D('1.5')), ('b', None)], None, []], pa.map_(pa.string(), pa.decimal128(5, 2))),
  'address': pa.array([{'extra': 1, 'Post Code': 8000, 'CITY': 'Zürich'.encode(), 'since': [{'day': d.date(2020, 2, 29)}]}, None, {}], inner), ${LOADED} * 3}))`,
    );
    await lake.put(
      `${FOLDER}duckdb.parquet`,
      `SELECT 4::BIGINT AS id, ['y'] AS tags, [[1], [9]]::BIGINT[][] AS grid, MAP {'a': 2::SMALLINT} AS rates,
        {'since': [{'day': DATE '2021-01-01'}], 'city': 'Wien', 'post code': 1010::BIGINT} AS address, DATE '2024-01-01' AS loaded_at`,
    );
    const rows = await rowsOf(lake, configsOf(NESTED, NESTED_SELECT));
    const nothing = { city: null, grid: null, post: null, rate: null, since: null };
    assert.deepEqual(rows, [
      {
        id: '1',
        tags: '2x|?',
        grid: '2',
        rate: '1.500',
        rates: '2',
        city: 'Zürich',
        post: '8000',
        since: '2020-02-29',
      },
      { id: '2', tags: null, rates: '-1', ...nothing },
      { id: '3', tags: '0', rates: '0', ...nothing },
      {
        id: '4',
        tags: '1y',
        grid: '9',
        rate: '2.000',
        rates: '1',
        city: 'Wien',
        post: '1010',
        since: '2021-01-01',
      },
    ]);
  });
});

test('takes the same fact whatever the order of files, also when rows differ in a map or a list only', async () => {
  for (const order of [
    ['a', 'b'],
    ['b', 'a'],
  ] as const)
    await withFeatureLake(async (lake) => {
      for (const [index, file] of order.entries())
        await lake.put(
          `${FOLDER}${file}.parquet`,
          `SELECT 1::BIGINT AS id, MAP {'k': ${index + 1}} AS rates, [1] AS tags, DATE '2024-01-01' AS loaded_at`,
        );
      const configs = configsOf(
        { rates: 'map<string,int>', tags: 'array<int>' },
        { rate: "element_at(rates, 'k')", tags: 'size(tags)' },
      );
      assert.deepEqual(await rowsOf(lake, configs), [{ id: '1', rate: '2', tags: '1' }]);
    });
});

test('refuses a file whose nested values do not fit', async () => {
  await withFeatureLake(async (lake) => {
    await lake.put(
      `${FOLDER}a.parquet`,
      `SELECT 1::BIGINT AS id, ['x'] AS tags, {'a': 1} AS s, DATE '2024-01-01' AS loaded_at`,
    );
    const found: readonly (readonly [column: string, type: string, found: RegExp])[] = [
      ['tags', 'array<int>', /holds array<string>/],
      ['tags', 'string', /holds array<string>/],
      ['s', 'struct<a: int, b: int>', /holds struct<a:int>/],
      ['s', 'map<string,int>', /holds struct<a:int>/],
    ];
    for (const [column, type, message] of found) {
      const error = await failure(lake, configsOf({ [column]: type }, { one: `${column} IS NULL` }));
      assert.equal(error.code, 'SOURCE_TYPE_DIFFERS');
      assert.match(error.message, message);
    }
  });
});
