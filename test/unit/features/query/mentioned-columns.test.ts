import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sourceSchema } from '#configs/source.ts';
import { definitionDigest } from '#features/definition.ts';
import { featureQuery } from '#features/query/feature-query.ts';
import { mentionedColumns } from '#features/query/mentioned-columns.ts';
import { configsOf, featureSet, type FeatureSetParts, payments } from '#test/support/feature-configs.ts';

const FROM = 'FROM {{ sources.payments }} AS p GROUP BY account';
const isAll = (sql: string, macros?: string) =>
  mentionedColumns(featureSet({ sql, ...(macros !== undefined && { macros }) })).has('elsewhere');

describe('the columns that a template mentions', () => {
  for (const sql of [
    `SELECT account, SUM(amount * 2) AS f ${FROM}`,
    `SELECT account, COUNT(*) AS f, COUNT( * ) FILTER (WHERE amount > 0) AS g ${FROM}`,
    `SELECT account, (amount) * (2), 'x' * \`amount\` * {{ params.n }} * xs[0] * 2 ${FROM}`,
    `{% for c in ['amount', 'fee'] %} SUM({{ c }}) AS {{ c }}, {% endfor %} 1 ${FROM}`,
    `{%- if params.n > 1 -%}\nSELECT account\n{%- endif %}, amount ${FROM}`,
    `SELECT account, amount AS y {%- if params.n > 1 %}, fee{% endif %} ${FROM}`,
    `SELECT account -- ~ + SELECT *\n, amount /* a.* */ ${FROM}`,
  ])
    test(`tells that only named ones are read by ${sql}`, () => {
      assert.ok(!isAll(sql));
      assert.ok(mentionedColumns(featureSet({ sql })).has('ACCOUNT'));
    });

  for (const [sql, macros] of [
    [`SELECT * ${FROM}`],
    [`SELECT p.* ${FROM}`],
    [`SELECT account, * EXCEPT (amount) ${FROM}`],
    [`SELECT DISTINCT * ${FROM}`],
    [`SELECT account, COUNT(DISTINCT *) AS f ${FROM}`],
    [`SELECT {% if params.n > 1 %}*{% endif %} ${FROM}`],
    [`SELECT account {{ star() }} ${FROM}`, '{% macro star() %}, * {% endmacro %}'],
    [`SELECT account FROM {{ sources.payments }} natural join {{ sources.accounts }}`],
    [`SELECT account FROM {{ sources.payments }} PIVOT (SUM(amount) FOR kind IN (1))`],
    [`SELECT {{ params.kind }}_amount ${FROM}`],
    [`SELECT am{{ 'ou' }}nt ${FROM}`],
    [`SELECT {{ 'am' }}{{ 'ount' }} ${FROM}`],
    [`SELECT am{% if params.n > 1 %}{% endif %}ount ${FROM}`],
    [`SELECT am {%- if params.n > 1 -%} ount {% endif %} ${FROM}`],
    [`SELECT am{% if params.n > 1 %}{{ 'ount' }}{% endif %} ${FROM}`],
    [`{% set c = 'am' ~ 'ount' %}SELECT {{ c }} ${FROM}`],
    [`{% set c = ['am', 'ount'] | join('') %}SELECT {{ c }} ${FROM}`],
  ] as const)
    test(`takes every column as read by ${sql}`, () => assert.ok(isAll(sql, macros)));

  test('names with other characters count where they are written', () => {
    const mentions = mentionedColumns(featureSet({ sql: `SELECT account, \`Größe (EUR)\` ${FROM}` }));
    assert.ok(mentions.has('größe (eur)') && !mentions.has('Größe (USD)'));
  });
});

test('refuses a query that reads a column whose name its template makes in another way', () => {
  const set = featureSet({
    sql: `{% set names = {'amounts': 1} %}SELECT account, SUM({{ (names | first)[:6] }}) AS paid ${FROM}`,
    features: { paid: 'double' },
  });
  assert.throws(() => featureQuery(set, configsOf(set), '2024-03-01'), {
    code: 'TEMPLATE_INVALID',
    message: /^The query reads payments\.amount, but the template never writes out/,
  });
});

describe('a definition', () => {
  const parts: FeatureSetParts = {
    sources: ['payments'],
    sql: `SELECT account, CAST(SUM(amount) AS DOUBLE) AS paid ${FROM}`,
    features: { paid: 'double' },
  };
  const digest = (columns: object, more: FeatureSetParts = {}): string => {
    const set = featureSet({ ...parts, ...more });
    const source = sourceSchema.parse({ ...payments, columns: { ...payments.columns, ...columns } });
    const configs = { ...configsOf(set), sources: new Map([[source.name, source]]) };
    featureQuery(set, configs, '2024-03-01');
    return definitionDigest(set, configs);
  };

  test('stays when its source gets a column that it does not read, which breaks no tie', () => {
    assert.equal(digest({ branch: 'string' }), digest({}));
    const set = featureSet(parts);
    const wider = sourceSchema.parse({ ...payments, columns: { ...payments.columns, branch: 'string' } });
    const at = (sources: Map<string, typeof wider>) =>
      featureQuery(set, { ...configsOf(set), sources }, '2024-03-01').relations.map(
        ({ rows }) => /ORDER BY .*?\)/.exec(rows ?? '')?.[0],
      );
    assert.deepEqual(at(new Map([['payments', wider]])), at(new Map([['payments', payments]])));
  });

  test('changes with the type of a column that it reads, of a key and of a time, and with a star', () => {
    assert.notEqual(digest({ amount: 'int' }), digest({}));
    assert.notEqual(digest({ account: 'int' }), digest({}));
    assert.notEqual(digest({ loaded_at: 'timestamp' }), digest({}));
    const star = {
      sql: `SELECT account, SUM(amount) AS paid FROM (SELECT * FROM {{ sources.payments }}) GROUP BY account`,
    };
    assert.notEqual(digest({ branch: 'string' }, star), digest({}, star));
  });
});
