import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { test, type TestContext } from 'node:test';
import { MillraceError } from '#errors/millrace-error.ts';
import type { EngineRow, EngineTable, FeatureEngine } from '#features/engines/engine.ts';
import { withScratchFolder } from '#platform/local-files.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { putParquet } from '../support/parquet.ts';
import { freshBucket } from '../support/stores.ts';

export type EngineFactory = (place: { readonly bucket: string; readonly folder: string }) => FeatureEngine;

interface Bench {
  readonly engine: FeatureEngine;
  readonly folder: string;
  readonly objects: ObjectStore;
  readonly payments: EngineTable;
}

/** What Spark answers, so what every engine must answer. `payments`: account, day, amount (one NULL), kind. */
const QUERIES: readonly (readonly [behaviour: string, sql: string, rows: readonly EngineRow[]])[] = [
  ['plain columns', "SELECT account, kind FROM payments WHERE kind = 'fee'", [{ account: 2, kind: 'fee' }]],
  [
    'aggregates pass over NULL',
    'SELECT account, COUNT(*) AS n, COUNT(amount) AS known, SUM(amount) AS total, AVG(amount) AS mean FROM payments GROUP BY account ORDER BY account',
    [
      { account: 1, n: 3, known: 2, total: 30, mean: 15 },
      { account: 2, n: 2, known: 2, total: 12, mean: 6 },
    ],
  ],
  [
    'a division by zero is NULL, and whole numbers divide into fractions',
    'SELECT 1.0 / 0 AS z, CAST(1 AS DOUBLE) / CAST(0 AS DOUBLE) AS d, 7 / 2 AS half, 7 % 4 AS rest',
    [{ z: null, d: null, half: 3.5, rest: 3 }],
  ],
  [
    'a filtered aggregate and a condition',
    "SELECT SUM(amount) FILTER (WHERE kind = 'fee') AS fees, MAX(CASE WHEN amount > 10 THEN 1 ELSE 0 END) AS large, COUNT(IF(amount > 5, 1, NULL)) AS over5 FROM payments",
    [{ fees: 2, large: 1, over5: 3 }],
  ],
  [
    'months are added to the end of a shorter one',
    "SELECT CAST(add_months(DATE '2024-01-31', 1) AS DATE) AS feb, datediff(DATE '2024-03-01', DATE '2024-02-01') AS days, CAST(date_sub(DATE '2024-03-01', 1) AS DATE) AS leap, year(DATE '2024-03-01') AS y",
    [{ feb: '2024-02-29', days: 29, leap: '2024-02-29', y: 2024 }],
  ],
  [
    'windows number and look back',
    'SELECT account, CAST(day AS STRING) AS day, ROW_NUMBER() OVER (PARTITION BY account ORDER BY day DESC) AS n, LAG(amount) OVER (PARTITION BY account ORDER BY day) AS before FROM payments ORDER BY account, day',
    [
      { account: 1, day: '2024-01-31', n: 3, before: null },
      { account: 1, day: '2024-02-29', n: 2, before: 10 },
      { account: 1, day: '2024-03-31', n: 1, before: 20 },
      { account: 2, day: '2024-01-31', n: 2, before: null },
      { account: 2, day: '2024-02-29', n: 1, before: 10 },
    ],
  ],
  [
    'ascending order puts NULL first, descending last',
    'SELECT amount FROM payments WHERE account = 1 ORDER BY amount',
    [{ amount: null }, { amount: 10 }, { amount: 20 }],
  ],
  [
    'NULL is equal to nothing but by <=>',
    'SELECT NULL = NULL AS eq, NULL <=> NULL AS same, COALESCE(NULL, 3) AS c, NULLIF(3, 3) AS n, GREATEST(1, NULL, 4) AS g, LEAST(2, NULL) AS l',
    [{ eq: null, same: true, c: 3, n: null, g: 4, l: 2 }],
  ],
  [
    'joins of a CTE with a left side kept',
    "WITH fees AS (SELECT account, amount FROM payments WHERE kind = 'fee') SELECT p.account, MAX(f.amount) AS fee FROM payments p LEFT JOIN fees f ON f.account = p.account GROUP BY p.account ORDER BY p.account",
    [
      { account: 1, fee: null },
      { account: 2, fee: 2 },
    ],
  ],
  [
    'text keeps quotes and backslashes',
    String.raw`SELECT 'it\'s' AS q, 'a\\b' AS b, upper('x') AS u, length('abc') AS n, concat('a', 'b') AS c`,
    [{ q: "it's", b: 'a\\b', u: 'X', n: 3, c: 'ab' }],
  ],
  [
    'whole numbers come of fractions by cutting off, of text by reading it, of anything else as NULL',
    "SELECT CAST(2.7 AS INT) AS d, CAST(-2.7 AS BIGINT) AS m, CAST(CAST(2.5 AS DOUBLE) AS INT) AS f, CAST('3.9' AS INT) AS t, CAST('x' AS INT) AS n, int(9.9) AS i, CAST(9007199254740993 AS BIGINT) = 9007199254740993 AS exact, CAST(TRUE AS INT) AS b",
    [{ d: 2, m: -2, f: 2, t: 3, n: null, i: 9, exact: true, b: 1 }],
  ],
  [
    'text joined to NULL is NULL',
    "SELECT concat('a', NULL, 'b') AS n, concat('a', 1, 'b') AS c, concat_ws('-', 'a', NULL, 'b') AS w, 'a' || NULL AS p",
    [{ n: null, c: 'a1b', w: 'a-b', p: null }],
  ],
  [
    'weeks begin on Sunday as 1, and dates are cut to their month, quarter and year',
    "SELECT dayofweek(DATE '2024-03-03') AS sunday, dayofweek(DATE '2024-03-09') AS saturday, CAST(trunc(DATE '2024-05-17', 'MM') AS STRING) AS m, CAST(trunc(DATE '2024-05-17', 'quarter') AS STRING) AS q, CAST(trunc(DATE '2024-05-17', 'YEAR') AS STRING) AS y, CAST(date_trunc('month', DATE '2024-05-17') AS DATE) AS d, last_day(DATE '2024-02-10') AS l, weekofyear(DATE '2024-01-01') AS w",
    [
      {
        sunday: 1,
        saturday: 7,
        m: '2024-05-01',
        q: '2024-04-01',
        y: '2024-01-01',
        d: '2024-05-01',
        l: '2024-02-29',
        w: 1,
      },
    ],
  ],
  [
    'percentiles lie between rows, and months between dates count days as parts of 31',
    "SELECT percentile(amount, 0.5) AS mid, percentile(amount, 0.25) AS low, median(amount) AS med, ROUND(months_between(DATE '2024-03-15', DATE '2024-01-31'), 6) AS parts, months_between(DATE '2024-02-29', DATE '2024-01-31') AS ends FROM payments",
    [{ mid: 10, low: 8, med: 10, parts: 1.483871, ends: 1 }],
  ],
  [
    'half joins keep or drop rows of the left side',
    "WITH fees AS (SELECT account FROM payments WHERE kind = 'fee') SELECT (SELECT COUNT(*) FROM payments p LEFT SEMI JOIN fees f ON f.account = p.account) AS with_fee, (SELECT COUNT(*) FROM payments p LEFT ANTI JOIN fees f ON f.account = p.account) AS without",
    [{ with_fee: 2, without: 3 }],
  ],
  [
    'a window looks back over days, and the first of an ordered window is taken',
    'SELECT CAST(day AS STRING) AS day, SUM(amount) OVER (PARTITION BY account ORDER BY day ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS two, FIRST_VALUE(amount) OVER (PARTITION BY account ORDER BY day) AS f, max_by(amount, day) OVER (PARTITION BY account) AS newest FROM payments WHERE account = 2 ORDER BY day',
    [
      { day: '2024-01-31', two: 10, f: 10, newest: 2 },
      { day: '2024-02-29', two: 12, f: 10, newest: 2 },
    ],
  ],
  [
    'rounding, roots and spread',
    'SELECT ROUND(2.345, 2) AS r, SQRT(CAST(9 AS DOUBLE)) AS s, ABS(-3) AS a, STDDEV(amount) AS sd FROM payments WHERE account = 2',
    [{ r: 2.35, s: 3, a: 3, sd: Math.sqrt(32) }],
  ],
];

/** Holds every feature engine to the same answers, on a real object store. */
export function featureEngineContract(vendor: string, create: EngineFactory): void {
  test(`${vendor} as a feature engine`, async (t) => {
    await using objects = await freshBucket();
    await withScratchFolder(join(tmpdir(), 'millrace-test'), async (folder) => {
      const uri = await putParquet(
        objects,
        'raw/payments/part-0.parquet',
        `SELECT * FROM (VALUES
          (1::BIGINT, DATE '2024-01-31', 10::DOUBLE, 'normal'), (1, DATE '2024-02-29', 20, 'normal'),
          (1, DATE '2024-03-31', NULL, NULL), (2, DATE '2024-01-31', 10, 'normal'),
          (2, DATE '2024-02-29', 2, 'fee')) AS t(account, day, amount, kind)`,
      );
      const payments: EngineTable = {
        name: 'payments',
        files: [uri],
        columns: [
          { name: 'account', type: 'bigint' },
          { name: 'day', type: 'date' },
          { name: 'amount', type: 'double' },
          { name: 'kind', type: 'string' },
        ],
      };
      await holdTo(t, { engine: create({ bucket: objects.bucket, folder }), folder, objects, payments });
    });
  });
}

async function holdTo(t: TestContext, { engine, folder, objects, payments }: Bench): Promise<void> {
  for (const [behaviour, sql, expected] of QUERIES)
    await t.test(`same rows: ${behaviour}`, async () => {
      const rows = await engine.rows({ sql, tables: [payments] });
      assert.deepEqual(rows.map(rounded), expected.map(rounded));
    });

  await t.test('a query’s columns and types are told without running it', async () => {
    const columns = await engine.describe({
      sql: "SELECT account, day, amount, kind, amount > 1 AS big, CAST(1 AS INT) AS one, TIMESTAMP '2024-01-01 00:00:00' AS at FROM payments",
      tables: [payments],
    });
    assert.deepEqual(
      columns.map(({ name, type }) => `${name} ${type}`),
      [
        'account bigint',
        'day date',
        'amount double',
        'kind string',
        'big boolean',
        'one int',
        'at timestamp',
      ],
    );
  });

  await t.test('files are inspected one by one, so a column that one lacks is seen', async () => {
    const short = await putParquet(
      objects,
      'raw/payments/part-1.parquet',
      "SELECT 3::BIGINT AS account, 'x' AS kind",
    );
    const found = await engine.inspect([...payments.files, short]);
    assert.deepEqual(
      found.columns.map(({ name, type }) => `${name} ${type}`),
      ['account bigint', 'day date', 'amount double', 'kind string'],
    );
    assert.deepEqual(
      [...found.lacking.entries()],
      [
        ['day', [short]],
        ['amount', [short]],
      ],
    );
  });

  await t.test(
    `rows are written sorted, cast to the columns asked for, with the same bytes each time`,
    async () => {
      const query = {
        sql: 'SELECT account, SUM(amount / 3) AS total, COUNT(*) AS n FROM payments GROUP BY account ORDER BY account DESC',
        tables: [payments],
      };
      const columns = [
        { name: 'account', type: 'bigint' },
        { name: 'n', type: 'int' },
        { name: 'total', type: 'double' },
      ] as const;
      const bytes: Buffer[] = [];
      for (const file of ['a', 'b']) {
        const path = relative(process.cwd(), join(folder, `${file}.parquet`));
        assert.deepEqual(await engine.write(query, { columns, sortBy: ['account'], path }), { rows: 2 });
        bytes.push(await readFile(path));
      }
      assert.ok(bytes[0]?.equals(bytes[1] ?? Buffer.of()));
      const written = { name: 'written', files: [join(folder, 'a.parquet')], columns };
      assert.deepEqual(
        await engine.rows({ sql: 'SELECT account, n, total FROM written', tables: [written] }),
        [
          { account: 1, n: 3, total: 10 },
          { account: 2, n: 2, total: 4 },
        ],
      );
    },
  );

  await t.test('a mistake in the SQL is the query’s fault and is explained', async () => {
    const failure = async (sql: string): Promise<MillraceError> => {
      const error: unknown = await engine.rows({ sql, tables: [payments] }).then(
        () => assert.fail('it ran'),
        (problem: unknown) => problem,
      );
      assert.ok(error instanceof MillraceError);
      assert.ok(['SQL_FAILED', 'SQL_NOT_TRANSLATABLE'].includes(error.code), error.code);
      return error;
    };
    assert.match((await failure('SELECT amonut FROM payments')).message, /amonut/);
    assert.match(
      (await failure('SELECT no_such_function(amount) FROM payments')).message,
      /no_such_function/,
    );
    await failure('SELECT FROM payments WHERE');
  });

  await t.test('a value that does not fit its declared type fails, and is not shown', async () => {
    await assert.rejects(
      engine.write(
        { sql: "SELECT account, 'forty-two' AS age FROM payments", tables: [payments] },
        {
          columns: [
            { name: 'account', type: 'bigint' },
            { name: 'age', type: 'int' },
          ],
          sortBy: ['account'],
          path: join(folder, 'bad.parquet'),
        },
      ),
      (error: unknown) =>
        error instanceof MillraceError && error.code === 'SQL_FAILED' && !error.message.includes('forty'),
    );
  });

  await t.test('a file that is gone is told apart from a fault of the query', async () => {
    const gone = { ...payments, files: [objects.uri('raw/payments/gone.parquet')] };
    await assert.rejects(engine.rows({ sql: 'SELECT * FROM payments', tables: [gone] }), {
      code: 'OBJECT_NOT_FOUND',
    });
  });

  await t.test('a file that was written over is read anew', async () => {
    const columns = [{ name: 'amount', type: 'double' }] as const;
    const totals: unknown[] = [];
    for (const amount of [42, 7]) {
      const uri = await putParquet(
        objects,
        'raw/changing/part-0.parquet',
        `SELECT ${amount}::DOUBLE AS amount`,
      );
      const table = { name: 'changing', files: [uri], columns };
      const [row] = await engine.rows({ sql: 'SELECT SUM(amount) AS total FROM changing', tables: [table] });
      totals.push(row?.['total']);
    }
    assert.deepEqual(totals, [42, 7]);
  });

  await t.test('many queries at once each get their own answer', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, n) =>
        engine.rows({ sql: `SELECT SUM(amount) + ${n} AS total FROM payments`, tables: [payments] }),
      ),
    );
    assert.deepEqual(
      answers.map(([row]) => row?.['total']),
      Array.from({ length: 20 }, (_, n) => 42 + n),
    );
  });

  await t.test('cancelling ends a long query soon, with the caller’s reason', async () => {
    const cancel = new AbortController();
    const reason = new Error('no longer wanted');
    const shares: (number | undefined)[] = [];
    setTimeout(() => cancel.abort(reason), 1_500);
    const started = performance.now();
    const crossed = Array.from({ length: 16 }, (_, index) => `payments p${index}`).join(', ');
    await assert.rejects(
      engine.rows(
        { sql: `SELECT SUM(p0.amount * p15.amount) AS s FROM ${crossed}`, tables: [payments] },
        { signal: cancel.signal, onProgress: (share) => shares.push(share) },
      ),
      (error: unknown) => error === reason,
    );
    assert.ok(performance.now() - started < 4_000);
    assert.ok(shares.length > 0, 'progress was reported');
    await assert.rejects(
      engine.rows({ sql: 'SELECT 1 AS one', tables: [] }, { signal: cancel.signal }),
      (error: unknown) => error === reason,
    );
  });
}

function rounded(row: EngineRow): EngineRow {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'number' ? Number(value.toFixed(9)) : value,
    ]),
  );
}
