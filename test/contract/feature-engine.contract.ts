import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { ColumnType } from '#configs/types/declared-type.ts';
import type { FeatureEngine, InputRelation, TableBuild } from '#features/engines/engine.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import {
  answerTo,
  buildOf,
  BUILDS,
  failure,
  mustBuild,
  named,
  PAYMENTS,
  rowsOf,
  sourceTable,
  type EngineBench,
} from '../support/engine-builds.ts';
import { putParquet } from '../support/parquet.ts';
import { freshBucket } from '../support/stores.ts';
import { explainsFailures, runsBeside } from './feature-engine-runs.contract.ts';
import { columnsOf, inAnyOrder, SPARK_ANSWERS, type AnswerRow } from './spark-answers.ts';

/** Lends an engine on the store's bucket for the time of `work`. */
export type WithEngine = (
  objects: ObjectStore,
  work: (engine: FeatureEngine) => Promise<void>,
) => Promise<void>;

/** Holds every feature engine to the same answers, on a real object store. */
export function featureEngineContract(vendor: string, withEngine: WithEngine): void {
  test(`${vendor} as a feature engine`, async (t) => {
    await using objects = await freshBucket();
    const uri = await putParquet(
      objects,
      'raw/payments/part-0.parquet',
      `SELECT * FROM (VALUES
        (1::BIGINT, DATE '2024-01-31', 10::DOUBLE, 'normal'), (1, DATE '2024-02-29', 20, 'normal'),
        (1, DATE '2024-03-31', NULL, NULL), (2, DATE '2024-01-31', 10, 'normal'),
        (2, DATE '2024-02-29', 2, 'fee')) AS t(account, day, amount, kind)`,
    );
    await withEngine(objects, async (engine) => {
      const bench = { engine, objects, payments: sourceTable('payments', PAYMENTS, [uri]) };
      await givesSparksAnswers(t, bench);
      await checksColumns(t, bench);
      await writesParts(t, bench);
      await judgesRows(t, bench);
      await explainsFailures(t, bench);
      await runsBeside(t, bench);
    });
  });
}

async function givesSparksAnswers(t: TestContext, bench: EngineBench): Promise<void> {
  for (const [behaviour, sql, expected, types] of SPARK_ANSWERS)
    await t.test(`same rows: ${behaviour}`, async () => {
      const columns = columnsOf(expected, types);
      const rows = (await answerTo(bench, { sql, relations: [bench.payments], columns })) as AnswerRow[];
      assert.deepEqual(inAnyOrder(rows), inAnyOrder(expected));
    });
}

async function checksColumns(t: TestContext, { engine, objects, payments }: EngineBench): Promise<void> {
  await t.test('finds the columns and types of a query without running it', async () => {
    const crossed = Array.from({ length: 16 }, (_, index) => `payments p${index}`).join(', ');
    const sql = `SELECT p0.account, p0.day, p0.amount, p0.kind, p0.amount > 1 AS big, CAST(1 AS INT) AS one, TIMESTAMP '2024-01-01 00:00:00' AS at FROM ${crossed} ORDER BY p1.amount`;
    const types: Readonly<Record<string, ColumnType>> = {
      account: 'bigint',
      day: 'date',
      amount: 'double',
      kind: 'string',
      big: 'boolean',
      one: 'int',
      at: 'timestamp',
    };
    for (const [name, type] of Object.entries(types)) {
      const declared = { ...types, [name]: type === 'string' ? 'date' : 'string' } as const;
      const error = await failure(engine, { sql, relations: [payments], columns: named(declared) });
      assert.deepEqual([error.code, error.details['column']], ['FEATURE_TYPE_DIFFERS', name]);
      assert.equal(error.details['found'], type);
    }
    const { code, message } = await failure(engine, { sql, relations: [payments], columns: PAYMENTS });
    assert.equal(code, 'PARTITION_COLUMNS_DIFFER');
    assert.match(message, /selected but not declared: big, one, at/);
  });

  await t.test('casts each file by its own type, whatever the types of the others', async () => {
    const put = (part: string, select: string) => putParquet(objects, `raw/mixed/${part}.parquet`, select);
    // DuckDB's common type of FLOAT and BIGINT is FLOAT, which cannot hold this number.
    const files = [
      {
        uri: await put('a', 'SELECT 1::BIGINT AS account, 16777217::BIGINT AS amount'),
        size: 0,
        layout: 'a',
      },
      { uri: await put('b', 'SELECT 2.5::FLOAT AS amount, 2::INTEGER AS account'), size: 0, layout: 'b' },
    ];
    const columns = named({ account: 'bigint', amount: 'double' });
    const relations = [{ ...payments, input: { ...payments.input, columns, files } }];
    const sql = 'SELECT account, amount FROM payments';
    assert.deepEqual(await answerTo({ engine, objects }, { sql, relations, columns }), [
      { account: '1', amount: 16_777_217 },
      { account: '2', amount: 2.5 },
    ]);
  });

  await t.test('takes a table without files for one without rows', async () => {
    const relations = [{ ...payments, input: { ...payments.input, files: [] } }];
    const sql = 'SELECT 1 AS one, COUNT(account) AS n, MAX(day) AS last FROM payments';
    const columns = named({ one: 'int', n: 'int', last: 'date' });
    assert.deepEqual(await answerTo({ engine, objects }, { sql, relations, columns }), [
      { one: 1, n: 0, last: null },
    ]);
  });

  await t.test('names a file of a source whose pages are damaged', async () => {
    const select = "SELECT r::BIGINT AS account, 'text ' || r AS kind FROM range(50000) AS t(r)";
    const uri = await putParquet(objects, 'raw/damaged/a.parquet', select);
    const bytes = await objects.get('raw/damaged/a.parquet');
    const relations = [sourceTable('payments', named({ account: 'bigint', kind: 'string' }), [uri])];
    const sql = 'SELECT account, kind FROM payments';
    const columns = named({ account: 'bigint', kind: 'string' });
    for (const damage of [0x5a, 0]) {
      await objects.put(
        'raw/damaged/a.parquet',
        Buffer.from(bytes.map((byte, at) => (at > 100 && at < 3_000 ? byte & damage : byte))),
      );
      const error = await failure(engine, { sql, relations, columns });
      assert.deepEqual([error.code, error.where], ['SOURCE_FILE_UNREADABLE', uri], error.message);
    }
  });
}

async function writesParts(t: TestContext, { engine, objects, payments }: EngineBench): Promise<void> {
  const build = {
    sql: 'SELECT account, SUM(amount / 3) AS total, COUNT(*) AS n FROM payments GROUP BY account ORDER BY account DESC',
    relations: [payments],
    columns: named({ account: 'bigint', n: 'int', total: 'double' }),
  };

  await t.test(
    'writes rows sorted and cast to the declared columns, with the same bytes each time',
    async () => {
      const first = await mustBuild(engine, buildOf(build));
      const second = await mustBuild(engine, buildOf(build));
      assert.deepEqual(await rowsOf(objects, first), [
        { account: '1', n: 3, total: 10 },
        { account: '2', n: 2, total: 4 },
      ]);
      assert.deepEqual(first.schema, build.columns);
      assert.match(first.engine, /^[a-z]+ \S*\d/);
      for (const { key, size, sha256 } of first.parts) {
        assert.ok(key.startsWith(BUILDS) && key.endsWith('.parquet'), key);
        assert.deepEqual(await objects.sha256(key), { key, uri: objects.uri(key), size, sha256 });
      }
      const rows = first.parts.reduce((sum, part) => sum + part.rows, 0);
      assert.deepEqual([rows, first.findings.rows], [2, 2]);
      const bytes = (built: typeof first) => built.parts.map(({ size, sha256 }) => [size, sha256]);
      assert.deepEqual(bytes(second), bytes(first));
      const keys = [...first.parts, ...second.parts].map(({ key }) => key);
      assert.equal(new Set(keys).size, keys.length);
      const one = await mustBuild(
        engine,
        buildOf({ ...build, output: { prefix: BUILDS, attempt: 'one', onePart: true } }),
      );
      assert.equal(one.parts.length, 1);
    },
  );

  await t.test('reads a partition only while its files are those that were named', async () => {
    const built = await mustBuild(engine, buildOf(build));
    const upstream: InputRelation = {
      name: 'upstream',
      input: {
        columns: build.columns,
        from: { kind: 'partition', name: 'upstream', location: BUILDS },
        files: built.parts.map(({ key, size, sha256 }) => ({ uri: objects.uri(key), size, sha256 })),
      },
    };
    const next = {
      sql: 'SELECT account FROM upstream',
      relations: [upstream],
      columns: PAYMENTS.slice(0, 1),
    };
    assert.deepEqual(await answerTo({ engine, objects }, next), [{ account: '1' }, { account: '2' }]);
    const { key } = built.parts[0] ?? assert.fail('there is no part');
    const bytes = await objects.get(key);
    bytes.writeUInt8(bytes.readUInt8(100) ^ 1, 100);
    await objects.put(key, bytes);
    assert.equal((await failure(engine, next)).code, 'PART_DIGEST_MISMATCH');
  });
}

async function judgesRows(t: TestContext, { engine, objects, payments }: EngineBench): Promise<void> {
  const build = buildOf({
    sql: 'SELECT account * 10 + month(day) AS payment, day, amount, kind FROM payments',
    relations: [payments],
    columns: named({ payment: 'bigint', day: 'date', amount: 'double', kind: 'string' }),
    uniqueBy: ['payment'],
    checks: [
      { expect_column_values_to_not_be_null: { column: 'amount', mostly: 0.8, severity: 'error' } },
      { expect_column_values_to_be_between: { column: 'amount', min_value: 5, mostly: 1, severity: 'warn' } },
    ],
    counts: { fees: "kind = 'fee'", large: 'amount > 5' },
  });

  await t.test('gives checks, counts and statistics with the parts, and no text of a row', async () => {
    const { findings, statistics } = await mustBuild(engine, build);
    assert.deepEqual(
      findings.checks.map(({ success, severity, observed }) => [success, severity, observed]),
      [
        [true, 'error', 0.2],
        [false, 'warn', 0.25],
      ],
    );
    assert.deepEqual(findings.counts, { fees: 1, large: 3 });
    assert.deepEqual(statistics, [
      { name: 'payment', nulls: 0 },
      { name: 'day', nulls: 0, min: '2024-01-31', max: '2024-03-31' },
      { name: 'amount', nulls: 1, min: 2, max: 20 },
      { name: 'kind', nulls: 1 },
    ]);
  });

  await t.test('refuses rows that may not be kept, with the figures, and leaves no part', async () => {
    const prefix = 'refused/';
    const refused = async (change: Partial<TableBuild>) => {
      const result = await engine.build({ ...build, ...change, output: { prefix, attempt: 'test' } });
      assert.equal(result.outcome, 'refused');
      return result.findings;
    };
    assert.equal((await refused({ sql: `${build.sql} WHERE amount > 99` })).rows, 0);
    const twice = await refused({ sql: `${build.sql} UNION ALL ${build.sql}` });
    assert.deepEqual([twice.rows, twice.withoutKey, twice.repeatedKeys], [10, 0, 5]);
    const without = await refused({
      sql: 'SELECT CASE WHEN account = 1 THEN month(day) END AS payment, day, amount, kind FROM payments',
    });
    assert.deepEqual([without.withoutKey, without.repeatedKeys], [2, 0]);
    const failed = await refused({
      checks: [
        {
          expect_column_values_to_be_between: {
            column: 'amount',
            min_value: 5,
            mostly: 1,
            severity: 'error',
          },
        },
      ],
    });
    assert.deepEqual(
      failed.checks.map(({ success, observed }) => [success, observed]),
      [[false, 0.25]],
    );
    for await (const { key } of objects.list(prefix)) assert.fail(`${key} was left`);
  });
}
