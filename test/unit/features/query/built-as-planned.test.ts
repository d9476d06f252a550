import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sourceSchema } from '#configs/source.ts';
import { definitionDigest } from '#features/definition.ts';
import { compileSql } from '#features/query/compile-sql.ts';
import { duckDbView } from '#features/engines/duckdb/duckdb-views.ts';
import { featureQuery } from '#features/query/feature-query.ts';
import {
  accounts,
  configsOf,
  featureSet,
  type FeatureSetParts,
  payments,
} from '#test/support/feature-configs.ts';

const DT = '2024-03-01';
const P = '{{ sources.payments }}';
const wide = sourceSchema.parse({
  ...payments,
  columns: { ...payments.columns, kind: 'string', fee: 'double' },
});

function planned(parts: FeatureSetParts, source = wide) {
  const set = featureSet({ sources: ['payments'], features: { f: 'double' }, ...parts });
  const configs = { ...configsOf(set), sources: new Map([[source.name, source]]) };
  return { set, configs, query: featureQuery(set, configs, DT) };
}

describe('a build compiles what a plan accepted', () => {
  for (const sql of [
    `SELECT account, MAX(v) AS f FROM (SELECT account, last_value(amount) OVER (PARTITION BY account ORDER BY paid_on) AS v FROM ${P}) AS w GROUP BY account`,
    `SELECT account, max_by(amount, amount) AS f FROM ${P} GROUP BY account`,
    `SELECT a.account, max_by(a.amount, b.amount) AS f FROM ${P} AS a JOIN ${P} AS b ON a.account = b.account GROUP BY a.account`,
  ])
    test(sql, () => {
      const { query } = planned({ sql });
      const readable = query.relations.map(
        ({ name, of, columns, rows, keys }) =>
          duckDbView(
            {
              name,
              input: { columns, from: { kind: 'source', name: of, location: '' }, files: [] },
              keys,
              ...(rows && { rows }),
            },
            'SELECT 1',
          ).readable,
      );
      assert.equal(compileSql(query.sql, readable).columns.length, 2);
    });
});

describe('lineage of a value that a subquery gives', () => {
  const lineage = (sql: string) => planned({ sql }).query.lineage.flatMap(({ sources }) => sources);
  test('names the columns in its condition', () => {
    const exists = `CASE WHEN EXISTS (SELECT 1 FROM ${P} AS o WHERE o.kind = 'b' AND o.account = p.account) THEN 1D ELSE 0D END`;
    assert.deepEqual(lineage(`SELECT p.account, ${exists} AS f FROM ${P} AS p`), [
      'payments.*',
      'payments.kind',
    ]);
    const total = `(SELECT SUM(o.amount) FROM ${P} AS o WHERE o.account = p.account AND o.fee > 1)`;
    assert.deepEqual(lineage(`SELECT p.account, ${total} AS f FROM ${P} AS p`), [
      'payments.amount',
      'payments.fee',
    ]);
  });

  test('finds a sensitive entity in it, unless it only joins', () => {
    const secret = sourceSchema.parse({ ...accounts, sensitive: ['account'] });
    const with_ = (sql: string) => {
      const set = featureSet({ sources: ['accounts'], features: { f: 'double' }, sql });
      return featureQuery(set, { ...configsOf(set), sources: new Map([['accounts', secret]]) }, DT);
    };
    const A = '{{ sources.accounts }}';
    for (const value of [
      '(SELECT CAST(SUM(x) AS DOUBLE) FROM VALUES (1L), (2L), (4L) AS v(x) WHERE (x & a.account) > 0)',
      'IF(EXISTS (SELECT 1 FROM VALUES (5L) AS v(x) WHERE x = a.account), 1D, 0D)',
      'IF(EXISTS (SELECT 1 FROM VALUES (5L) AS v(x) WHERE x > 1 AND (x = a.account OR x > 9)), 1D, 0D)',
    ])
      assert.throws(() => with_(`SELECT account, ${value} AS f FROM ${A} AS a`), {
        code: 'FEATURE_FROM_SENSITIVE',
      });
    with_(
      `SELECT account, IF(EXISTS (SELECT 1 FROM ${A} AS b WHERE b.account = a.account AND b.credit > 9), 1D, 0D) AS f FROM ${A} AS a`,
    );
  });
});

describe('a definition tells apart', () => {
  const digest = (parts: FeatureSetParts, source = wide): string => {
    const { set, configs } = planned({ params: { c: 'amount' }, ...parts }, source);
    return definitionDigest(set, configs);
  };
  const ordered = (...names: readonly string[]) =>
    sourceSchema.parse({
      ...wide,
      columns: Object.fromEntries(names.map((name) => [name, wide.columns[name]])),
    });
  const usual = ['account', 'paid_on', 'amount', 'fee', 'kind', 'loaded_at'];
  const swapped = ['account', 'paid_on', 'fee', 'amount', 'kind', 'loaded_at'];
  const hidden = sourceSchema.parse({ ...wide, sensitive: ['amount'] });
  const of = (rest: string) => `SELECT account, SUM(amount)${rest} AS f FROM ${P} GROUP BY account`;
  const kind = (text: string) => of(` + SUM(IF(kind = r'\\' OR kind = ${text}, 1D, 0D))`);
  const macro = (text: string) => ({
    macros: `{% macro m() %}${text}{% endmacro %}`,
    sql: of(' + {{ m() | length }}'),
  });

  const star = { sql: `SELECT account, SUM(fee) AS f FROM (SELECT * FROM ${P}) GROUP BY account` };
  test('what a star cannot see', () => assert.notEqual(digest(star), digest(star, hidden)));

  test('no order of the columns, which applied documents do not keep', () => {
    assert.equal(digest(star, ordered(...usual)), digest(star, ordered(...swapped)));
    const [one, other] = [usual, swapped].map((names) => planned(star, ordered(...names)).query);
    assert.deepEqual([one?.sql, one?.relations], [other?.sql, other?.relations]);
    assert.throws(() => planned({ sql: `SELECT a AS account, 1D AS f FROM ${P} AS p(a, b, c, d, e, g)` }), {
      code: 'SQL_NOT_TRANSLATABLE',
    });
  });

  for (const [what, one, other] of [
    ['a line that a carriage return ends', { sql: of('') }, { sql: of(' -- x\r * 3\n') }],
    ['a comment that goes on after a backslash', { sql: of(' * 3') }, { sql: of(' -- x \\\n * 3\n') }],
    ['spaces behind a raw text', { sql: kind("'a b'") }, { sql: kind("'a  b'") }],
    ['spaces in a macro whose length counts', macro('aa b'), macro('aa  b')],
    [
      'spaces in a block',
      { sql: `{% set x %}a b{% endset %}${of(' + {{ x | length }}')}` },
      { sql: `{% set x %}a  b{% endset %}${of(' + {{ x | length }}')}` },
    ],
  ] as const)
    test(what, () => assert.notEqual(digest(one), digest(other)));
});

test('a name that a param gives counts as written', () => {
  const sql = `SELECT account{% for c in params.names | split(',') %}, SUM({{ c }}) AS f{% endfor %} FROM ${P} GROUP BY account`;
  assert.equal(planned({ sql, params: { names: 'amount' } }).query.lineage.length, 1);
});

test('a template cannot read the names that the platform gives the engine', () => {
  for (const name of ['millrace_date', 'millrace_params'])
    assert.throws(
      () => planned({ sql: `{% if ${name} == 1 %}{% endif %}SELECT account, 1D AS f FROM ${P}` }),
      {
        code: 'TEMPLATE_INVALID',
        message: new RegExp(`uses ${name}, which is undefined`),
      },
    );
});
