import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MillraceError } from '#errors/millrace-error.ts';
import { definitionDigest } from '#features/definition.ts';
import { featureQuery } from '#features/query/feature-query.ts';
import { configsOf, featureSet, type FeatureSetParts } from '#test/support/feature-configs.ts';

const DT = '2024-03-01';

function compile(parts: FeatureSetParts) {
  const set = featureSet(parts);
  return featureQuery(set, configsOf(set), DT);
}

function refusal(parts: FeatureSetParts): MillraceError {
  try {
    compile(parts);
  } catch (error) {
    if (error instanceof MillraceError) return error;
    throw error;
  }
  return assert.fail('it was accepted');
}

test('a template sees the date, its params and what its set declares, and macros written beside it', () => {
  const { rendered } = compile({
    sql: `SELECT account, {{ twice('amount') }} AS paid FROM {{ sources.payments }}
WHERE paid_on < {{ ds }} AND amount > {{ params.least }} AND 'x' <> {{ params.word }} AND {{ params.on }}
{% for n in range(params.times) %} AND amount <> {{ n }}{% endfor %}`,
    macros: '{# doubles #}{% macro twice(what) %}({{ what }} * 2){% endmacro %}\n',
    params: { least: -5, word: 'a', on: true, times: 2 },
    features: { paid: 'double' },
  });
  assert.equal(
    rendered.sql,
    `SELECT account, (amount * 2) AS paid FROM source__payments
WHERE paid_on < DATE '2024-03-01' AND amount > (-5) AND 'x' <> 'a' AND true
 AND amount <> 0 AND amount <> 1`,
  );
});

test('what a template may not do is refused with its file and line', () => {
  const cases: readonly (readonly [
    why: string,
    sql: string,
    code: string,
    where: string,
    message: RegExp,
  ])[] = [
    [
      'an undeclared param',
      'SELECT 1,\n{{ params.nope }}',
      'TEMPLATE_INVALID',
      'behaviour.sql:2',
      /undefined/,
    ],
    [
      'an undeclared source',
      'SELECT * FROM {{ sources.secrets }}',
      'TEMPLATE_INVALID',
      'behaviour.sql:1',
      /undefined/,
    ],
    ['a broken tag', 'SELECT 1\n{% if x %}', 'TEMPLATE_INVALID', 'behaviour.sql:2', /syntax error/],
    [
      'an endless loop',
      '{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}',
      'TEMPLATE_TOO_LONG',
      'behaviour.sql:1',
      /fuel/,
    ],
    [
      'broken SQL',
      'SELECT account,\n  FROM FROM {{ sources.payments }}',
      'SQL_INVALID',
      'behaviour.sql:2:3',
      /FROM|From/,
    ],
    [
      'broken SQL behind a loop',
      '{% for n in [1, 2] %}\n{% endfor %}SELECT a b c',
      'SQL_INVALID',
      'behaviour.sql:2:24',
      /./,
    ],
    [
      'two statements',
      'SELECT 1 AS a; SELECT 2 AS b',
      'SQL_INVALID',
      'behaviour.sql:1:16',
      /more than one SQL statement/,
    ],
    ['a statement that writes', 'DROP TABLE accounts', 'SQL_INVALID', 'behaviour.sql:1:1', /expected SELECT/],
    ['a table by name', 'SELECT * FROM payments', 'SQL_INVALID', 'behaviour.sql:1:15', /"payments" by name/],
    ['a file', 'SELECT * FROM parquet.`s3://lake/x`', 'SQL_INVALID', 'behaviour.sql:1:15', /by name/],
    [
      'a file in a subquery',
      "SELECT (SELECT MAX(a) FROM read_text('/etc/passwd')) AS a",
      'SQL_INVALID',
      'behaviour.sql:1:28',
      /function/,
    ],
    [
      'a joined function',
      "SELECT 1 FROM {{ sources.payments }} JOIN glob('*')",
      'SQL_INVALID',
      'behaviour.sql:1:43',
      /function/,
    ],
    [
      'the clock',
      'SELECT account, current_date() AS d FROM {{ sources.accounts }}',
      'SQL_INVALID',
      'behaviour.sql:1:17',
      /current_date/,
    ],
    [
      'the clock without brackets',
      'SELECT account FROM {{ sources.payments }} WHERE paid_on < current_timestamp',
      'SQL_INVALID',
      'behaviour.sql:1:60',
      /current_timestamp/,
    ],
    [
      'chance',
      'SELECT account, rand() AS r FROM {{ sources.accounts }}',
      'SQL_INVALID',
      'behaviour.sql:1:17',
      /rand/,
    ],
    [
      'any row',
      'SELECT account, first(amount) AS a FROM {{ sources.payments }} GROUP BY account',
      'SQL_INVALID',
      'behaviour.sql:1:17',
      /first\(\) takes a row by chance/,
    ],
    [
      'a sample',
      'SELECT account FROM {{ sources.accounts }} TABLESAMPLE (10 PERCENT)',
      'SQL_INVALID',
      'behaviour.sql:1:44',
      /TABLESAMPLE/,
    ],
  ];
  for (const [why, sql, code, where, message] of cases) {
    const error = refusal({ sql });
    assert.deepEqual([error.code, error.where], [code, where], why);
    assert.match(error.message, message, why);
  }
});

test('an error in a macro file names that file, and text in one is refused', () => {
  assert.deepEqual(
    [refusal({ macros: '\n{% macro x() %}' })].map(({ code, where }) => [code, where]),
    [['TEMPLATE_INVALID', 'macros.sql:2']],
  );
  assert.match(refusal({ macros: 'SELECT 1' }).message, /macros and nothing else/);
});

test('sensitive columns are found wherever they are used', () => {
  const sqls = [
    "SELECT account, CASE WHEN sex = 'f' THEN 1.0 END AS paid FROM {{ sources.accounts }}",
    "SELECT account, COUNT(*) AS paid FROM {{ sources.accounts }} WHERE sex = 'f' GROUP BY account",
    'SELECT x.account, x.s AS paid FROM (SELECT account, MAX(sex) AS s FROM {{ sources.accounts }} GROUP BY account) AS x',
    'SELECT a.account, 1 AS paid FROM {{ sources.accounts }} a JOIN {{ sources.accounts }} b ON a.sex = b.sex',
  ];
  for (const sql of sqls) {
    const error = refusal({ sql, features: { paid: 'double' } });
    assert.equal(error.code, 'FEATURE_FROM_SENSITIVE', sql);
    assert.match(error.message, /accounts\.sex/);
  }
  const { relations } = compile({});
  const [accounts] = relations;
  assert.match(accounts?.rows ?? '', /^SELECT `account`, `credit`, `loaded_at` FROM/);
});

test('lineage goes through joins, CTEs, windows, stars and other sets, down to raw columns', () => {
  const upstream = featureSet({ name: 'basics' });
  const set = featureSet({
    sources: ['payments'],
    feature_sets: ['basics'],
    sql: `WITH ranked AS (
  SELECT account, amount, ROW_NUMBER() OVER (PARTITION BY account ORDER BY paid_on DESC) AS n FROM {{ sources.payments }}
), last AS (SELECT account, MAX(CASE WHEN n = 1 THEN amount END) AS last_amount, COUNT(*) AS times FROM ranked GROUP BY account)
SELECT b.account, last_amount / b.credit AS share, b.paid AS paid, l.times, 1 AS one
FROM {{ features.basics }} AS b LEFT JOIN (SELECT * FROM last) AS l ON l.account = b.account`,
    features: { share: 'double', paid: 'double', times: 'bigint', one: 'int' },
  });
  const { lineage } = featureQuery(set, configsOf(set, upstream), DT);
  assert.deepEqual(
    lineage.map(({ feature, sources }) => [feature, ...sources]),
    [
      ['one'],
      ['paid', 'payments.amount'],
      ['share', 'accounts.credit', 'payments.account', 'payments.amount', 'payments.paid_on'],
      ['times', 'payments.*'],
    ],
  );
  assert.equal(lineage.find(({ feature }) => feature === 'share')?.expression, 'last_amount / b.credit');
  assert.equal(lineage.find(({ feature }) => feature === 'times')?.expression, 'COUNT(*)');
});

test('the relations a query reads are limited in known time and event time', () => {
  const { sql, rendered, relations } = compile({});
  assert.equal(sql, rendered.sql);
  const [accounts, payments] = relations;
  assert.match(
    accounts?.rows ?? '',
    /`loaded_at` < DATE '2024-03-01' \) AS known WHERE `millrace_rank` = 1$/,
  );
  assert.match(payments?.rows ?? '', /`loaded_at` < DATE '2024-03-01'.*`paid_on` < DATE '2024-03-01'$/);
  assert.deepEqual(
    relations.map(({ name, kind, of }) => [name, kind, of]),
    [
      ['source__accounts', 'source', 'accounts'],
      ['source__payments', 'source', 'payments'],
    ],
  );
});

test('a definition digest covers what alters rows, and nothing else', () => {
  const digest = (parts: FeatureSetParts): string => {
    const set = featureSet(parts);
    return definitionDigest(set, configsOf(set));
  };
  const base = digest({});
  assert.match(base, /^[0-9a-f]{32}$/);
  assert.equal(digest({ checks: [{ expect_table_row_count_to_be_between: { min_value: 1 } }] }), base);
  assert.equal(digest({ features: { payments: 'int', paid: 'double', credit: 'double' } }), base);
  for (const parts of [
    { sql: 'SELECT 1' },
    { macros: '' },
    { params: { a: 1 } },
    { features: { paid: 'double' } },
    { features: { credit: 'double', paid: 'double', payments: 'bigint' } },
    { sources: ['accounts'] },
    { partition: { grain: 'day', start: '2024-01-01', max_staleness: '35d' } },
  ])
    assert.notEqual(digest(parts), base, JSON.stringify(parts));
  assert.equal(digest({ sql: 'SELECT 1' }), digest({ sql: '-- one\nSELECT   1 {# only #}' }));
  assert.equal(
    digest({ macros: '{% macro a() %}1{% endmacro %}' }),
    digest({ macros: '{%macro a()  %}1{% endmacro %}' }),
  );
  const upstream = featureSet({ name: 'basics' });
  const set = featureSet({ feature_sets: ['basics'] });
  const changed = featureSet({ name: 'basics', params: { a: 1 } });
  assert.notEqual(
    definitionDigest(set, configsOf(set, upstream)),
    definitionDigest(set, configsOf(set, changed)),
  );
  const circle = featureSet({ name: 'basics', feature_sets: ['behaviour'] });
  assert.throws(() => definitionDigest(set, configsOf(set, circle)), { code: 'FEATURE_SET_CYCLE' });
});

test('takes each set once, however many others read it', () => {
  const nameOf = (level: number, side: number) => `set_${level}_${side}`;
  const sets = Array.from({ length: 250 }, (_, level) =>
    [0, 1].map((side) =>
      featureSet({
        name: nameOf(level, side),
        params: { level, side },
        feature_sets: level === 0 ? [] : [nameOf(level - 1, 0), nameOf(level - 1, 1)],
      }),
    ),
  ).flat();
  const configs = configsOf(...sets);
  const started = performance.now();
  const digests = new Set(sets.toReversed().map((set) => definitionDigest(set, configs)));
  assert.equal(digests.size, 500);
  assert.ok(performance.now() - started < 2_000);
});

test('a feature of a list, a map, a struct or bytes is refused with what to write', () => {
  const cases: readonly (readonly [sql: string, type: string, instead: RegExp])[] = [
    ['array(1, 2)', 'array<int>', /Select one value of it, such as size/],
    ["map('a', 1)", 'map<string,int>', /Select one value of it, such as element_at/],
    ["named_struct('a', 1)", 'struct<a:int>', /Select a field of it/],
    ["CAST('a' AS BINARY)", 'binary', /CAST\(… AS STRING\)/],
  ];
  for (const [sql, type, instead] of cases)
    for (const declared of ['double', 'string']) {
      const { code, message, where } = refusal({
        sql: `SELECT account, ${sql} AS odd FROM {{ sources.payments }}`,
        features: { odd: declared },
      });
      assert.equal(code, 'FEATURE_TYPE_DIFFERS');
      assert.ok(message.includes(`"odd" is declared as ${declared}; the query gives ${type}. `), message);
      assert.match(message, instead);
      assert.match(where ?? '', /^behaviour\.sql/);
    }
});
