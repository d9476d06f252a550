import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { sourceYaml } from '#cli/source-yaml.ts';
import { loadConfigs } from '#configs/load.ts';
import { problemText } from '#configs/problem.ts';
import type { SourceDraft } from '#configs/source-draft.ts';
import type { SourceConfig } from '#configs/source.ts';
import { draftFromFolder } from '#local/sources/draft.ts';
import { withScratchFolder } from '#platform/local-files.ts';

interface Drafted {
  readonly draft: SourceDraft;
  readonly text: string;
  readonly source: SourceConfig;
}

/** Writes files by their SELECT, drafts a source from them, and loads the document. */
async function drafted(files: Readonly<Record<string, string>>, codec = 'snappy'): Promise<Drafted> {
  return await withScratchFolder('draft', async (folder) => {
    const instance = await DuckDBInstance.create();
    const connection = await instance.connect();
    for (const [path, select] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await connection.run(`COPY (${select}) TO '${join(folder, path)}' (FORMAT parquet, CODEC '${codec}')`);
    }
    connection.closeSync();
    instance.closeSync();
    const draft = await draftFromFolder(folder);
    const file = sourceYaml({ name: 'visits', from: 'visits/', location: undefined, draft });
    const { documents, problems } = loadConfigs([file]);
    assert.deepEqual(problems.map(problemText), [], file.text);
    const source = documents.sources.get('visits');
    assert.ok(source);
    return { draft, text: file.text, source };
  });
}

const LOADED = "DATE '2024-03-01' AS loaded_at";

for (const codec of ['snappy', 'zstd', 'gzip', 'uncompressed'])
  test(`drafts keys, times and types from files of codec ${codec}`, async () => {
    const { draft, source, text } = await drafted(
      {
        'a.parquet': `SELECT range AS visit_id, (range % 7)::INT AS shop_id, DATE '2024-01-01' + (range % 9)::INT AS visited_on, (range * 0.5)::DOUBLE AS amount, ${LOADED} FROM range(100)`,
        'b.parquet': `SELECT range AS visit_id, (range % 7)::INT AS shop_id, DATE '2024-01-01' AS visited_on, 1::DOUBLE AS amount, ${LOADED} FROM range(100, 200)`,
      },
      codec,
    );
    assert.deepEqual(source.keys, ['visit_id']);
    assert.deepEqual([source.event_time, source.known_time], ['visited_on', 'loaded_at']);
    assert.deepEqual(source.columns, {
      visit_id: 'bigint',
      shop_id: 'int',
      visited_on: 'date',
      amount: 'double',
      loaded_at: 'date',
    });
    assert.deepEqual(draft.files, { found: 2, read: 2, rows: 200, sampled: 200 });
    assert.match(text, /# Unique and never null over the 200 rows sampled\.\nkeys: \[visit_id\]/);
  });

test('takes an id and a date as keys where the id repeats, and says when corrections repeat them', async () => {
  const rows = "SELECT range % 10 AS account_id, DATE '2024-01-01' + (range // 10)::INT AS day";
  const pair = await drafted({ 'a.parquet': `${rows}, ${LOADED} FROM range(50)` });
  assert.deepEqual(pair.source.keys, ['account_id', 'day']);

  const corrected = await drafted({
    'a.parquet': `${rows}, ${LOADED} FROM range(50)`,
    'b.parquet': `${rows}, DATE '2024-04-01' AS loaded_at FROM range(50)`,
  });
  assert.deepEqual(corrected.source.keys, ['account_id', 'day']);
  assert.match(corrected.draft.keys.why, /together with loaded_at.*corrections/);

  const repeated = await drafted({
    'a.parquet': `SELECT 1 AS account_id, 1.5::DOUBLE AS x, ${LOADED} FROM range(5)`,
  });
  assert.deepEqual(repeated.source.keys, ['account_id']);
  assert.match(repeated.draft.keys.why, /No columns tell the rows apart.*guess/);
});

test('says that no column looks like a load time, and takes none as the load time in silence', async () => {
  const { source, draft } = await drafted({
    'a.parquet': "SELECT range AS id, DATE '2024-01-01' AS happened_on FROM range(5)",
  });
  assert.deepEqual([source.known_time, source.event_time], ['happened_on', 'happened_on']);
  assert.equal(draft.known_time.is_load_time, false);
  assert.match(draft.known_time.why, /No column looks like a load time.*availability/);

  const doubt = await drafted({
    'a.parquet': `SELECT range AS id, DATE '2024-01-01' AS opened_on, DATE '2024-01-02' AS closed_on, ${LOADED} FROM range(5)`,
  });
  assert.equal(doubt.source.event_time, undefined);
  assert.match(doubt.text, /Several columns may be meant: opened_on, closed_on/);

  await assert.rejects(drafted({ 'a.parquet': 'SELECT range AS id FROM range(5)' }), {
    code: 'SOURCE_NO_TIME',
  });
});

test('gives odd names an alias, widens types that differ, and leaves out what cannot be declared', async () => {
  const shared = `range AS id, ${LOADED}, 1.5::DOUBLE AS "Größe (EUR)", 2 AS "groesse_eur", 3 AS "年収", true AS "null", 'x' AS "a\nb: #", 1 AS "1st", 1 AS millrace_x, TIME '10:00' AS at_time, 'f' AS sex, 1.25::DECIMAL(9,2) AS paid, [1] AS items`;
  const { source, draft, text } = await drafted({
    'dt=2024-01-01/a.parquet': `SELECT ${shared}, 1::INT AS level, 1::INT AS text_or_number, 1 AS old FROM range(3)`,
    'dt=2024-01-02/a.parquet': `SELECT ${shared}, 1::BIGINT AS level, 'x' AS text_or_number FROM range(3)`,
  });
  assert.deepEqual(source.columns, {
    dt: 'date',
    id: 'bigint',
    loaded_at: 'date',
    groesse_eur_2: { column: 'Größe (EUR)', type: 'double' },
    groesse_eur: 'int',
    column: { column: '年収', type: 'int' },
    null: 'boolean',
    a_b: { column: 'a\nb: #', type: 'string' },
    raw_1st: { column: '1st', type: 'int' },
    raw_millrace_x: { column: 'millrace_x', type: 'int' },
    sex: 'string',
    paid: 'decimal(9,2)',
    items: 'array<int>',
    level: 'bigint',
  });
  assert.deepEqual(source.sensitive, ['sex']);
  assert.deepEqual(
    draft.left_out.map(({ column }) => column),
    ['at_time', 'text_or_number', 'old'],
  );
  assert.match(text, /# - "old": 1 of 2 files lack it, such as dt=2024-01-02\/a\.parquet\./);
  assert.match(text, /level: bigint # The files hold int \(1\), bigint \(1\)\./);
});

test('rejects a folder without Parquet files and a damaged file, and finds no keys in no rows', async () => {
  await assert.rejects(draftFromFolder('/nowhere/at/all'), { code: 'SOURCE_EMPTY' });
  const { draft } = await drafted({ 'a.parquet': `SELECT range AS id, ${LOADED} FROM range(0)` });
  assert.match(draft.keys.why, /no rows to look at/);
  await withScratchFolder('draft', async (folder) => {
    const { writeFile } = await import('node:fs/promises');
    await writeFile(join(folder, 'a.parquet'), 'PAR1 and no more');
    await assert.rejects(draftFromFolder(folder), { code: 'SOURCE_FILE_UNREADABLE' });
  });
});
