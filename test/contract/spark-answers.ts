import type { NamedColumn } from '#catalog/feature-configs.ts';
import type { ColumnType } from '#configs/types/declared-type.ts';

export type AnswerRow = Readonly<Record<string, boolean | number | string | null>>;

/**
 * What Spark answers, so what every engine must answer, in any order of rows. `payments`: account, day, amount (one NULL), kind.
 * `types` are those of columns whose values do not tell: numbers are doubles, texts strings, NULL alone is a double.
 */
export const SPARK_ANSWERS: readonly (readonly [
  behaviour: string,
  sql: string,
  rows: readonly AnswerRow[],
  types?: Readonly<Record<string, ColumnType>>,
])[] = [
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
    { feb: 'date', leap: 'date' },
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
    'SELECT (SELECT amount FROM payments WHERE account = 1 ORDER BY amount LIMIT 1) AS first_up, (SELECT amount FROM payments WHERE account = 1 ORDER BY amount DESC LIMIT 1) AS first_down, amount, ROW_NUMBER() OVER (ORDER BY amount) AS up, ROW_NUMBER() OVER (ORDER BY amount DESC) AS down FROM payments WHERE account = 1',
    [
      { first_up: null, first_down: 20, amount: null, up: 1, down: 3 },
      { first_up: null, first_down: 20, amount: 10, up: 2, down: 2 },
      { first_up: null, first_down: 20, amount: 20, up: 3, down: 1 },
    ],
  ],
  [
    'NULL is equal to nothing but by <=>',
    'SELECT NULL = NULL AS eq, NULL <=> NULL AS same, COALESCE(NULL, 3) AS c, NULLIF(3, 3) AS n, GREATEST(1, NULL, 4) AS g, LEAST(2, NULL) AS l',
    [{ eq: null, same: true, c: 3, n: null, g: 4, l: 2 }],
    { eq: 'boolean' },
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
    "SELECT CAST(concat('a', NULL, 'b') AS STRING) AS n, concat('a', 1, 'b') AS c, concat_ws('-', 'a', NULL, 'b') AS w, CAST('a' || NULL AS STRING) AS p",
    [{ n: null, c: 'a1b', w: 'a-b', p: null }],
    { n: 'string', p: 'string' },
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
    { d: 'date', l: 'date' },
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

/** Columns of an answer, with the types that its values tell or that are given. */
export function columnsOf(
  rows: readonly AnswerRow[],
  types: Readonly<Record<string, ColumnType>> = {},
): NamedColumn[] {
  return Object.keys(rows[0] ?? {}).map((name) => {
    const value = rows.map((row) => row[name]).find((one) => one !== null && one !== undefined);
    const guess = typeof value === 'string' ? 'string' : typeof value === 'boolean' ? 'boolean' : 'double';
    return { name, type: types[name] ?? guess };
  });
}

/** The rows sorted, floating-point numbers cut to nine digits, to which two engines agree. */
export function inAnyOrder(rows: readonly AnswerRow[]): AnswerRow[] {
  const rounded = rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name,
        typeof value === 'number' ? Number(value.toFixed(9)) : value,
      ]),
    ),
  );
  return rounded.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
