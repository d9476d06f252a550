import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { renderSql } from '#features/query/render.ts';
import { placeInTemplate } from '#features/query/sql-place.ts';
import { featureSet } from '#test/support/feature-configs.ts';

const DT = '2024-04-01';

type Params = Readonly<Record<string, string | number | boolean>>;

function setOf(sql: string, params: Params = {}, macros: readonly string[] = []): FeatureSetConfig {
  const files = macros.map((_, index) => `m${index + 1}.sql`);
  return { ...featureSet({ sql, params }), macros: files, macro_texts: macros };
}

const rendered = (sql: string, params: Params = {}, macros: readonly string[] = []): string =>
  renderSql(setOf(sql, params, macros), DT).sql;

function refusal(sql: string, params: Params = {}, macros: readonly string[] = []): MillraceError {
  try {
    rendered(sql, params, macros);
  } catch (error) {
    if (error instanceof MillraceError) return error;
    throw error;
  }
  return assert.fail('it was rendered');
}

test('params have their own types in conditions and calculations', () => {
  const params = { mode: 'fast', n: -5, share: 0.25, on: false, kinds: 'a,b' };
  const rows = [
    [`{% if params.mode == 'fast' %}FAST{% else %}SLOW{% endif %}`, 'FAST'],
    [`{% if params.mode in ['slow', 'fast'] %}IN{% endif %}`, 'IN'],
    ['{% if params.n < 0 %}NEG{% else %}POS{% endif %}', 'NEG'],
    ['{% if params.share == 0.25 and not params.on %}BOTH{% endif %}', 'BOTH'],
    ['{{ params.n + 1 }} {{ params.n * -1 }}', '(-4) 5'],
    ['{{ params.mode | length }}', '4'],
    [`{% for k in params.kinds | split(',') %}SUM({{ k }}) {% endfor %}`, 'SUM(a) SUM(b) '],
    [`{% for k in params.kinds | split(',') %}{{ k | sql_text }} {% endfor %}`, "'a' 'b' "],
    ['{{ params.mode | upper | sql_text }}', "'FAST'"],
  ] as const;
  for (const [sql, expected] of rows) assert.equal(rendered(sql, params), expected, sql);
});

test('params print as literals, however they get to the place', () => {
  const params = { word: "it's", n: -1, on: true };
  const macro = '{% macro f(x) %}[{{ x }}]{% endmacro %}';
  const rows = [
    ['{{ params.word }} {{ params.n }} {{ params.on }}', "'it\\'s' (-1) true"],
    ['{{ f(params.word) }} {{ f(params.n) }}', "['it\\'s'] [(-1)]"],
    ['{% set w = params.word %}{{ w }}', "'it\\'s'"],
    ['{% for w in [params.word] %}{{ w }}{% endfor %}', "'it\\'s'"],
    [`{% for k, v in params | items %}{{ k }}={{ v }} {% endfor %}`, "n=(-1) on=true word='it\\'s' "],
    [`{{ params.word if params.on else 'none' }}`, "'it\\'s'"],
    ['{% set both %}{{ params.word }}, {{ params.n }}{% endset %}({{ both }})', "('it\\'s', (-1))"],
    ['a {{- params.n -}} b', 'a(-1)b'],
    [`{{ "}}" }}{{ {'a': {'b': 1}}['a']['b'] }}`, '}}1'],
    ['{% raw %}{{ x }}{% endraw %}{# {{ params.nope }} #}', '{{ x }}'],
  ] as const;
  for (const [sql, expected] of rows) assert.equal(rendered(sql, params, [macro]), expected, sql);
});

test('the date is a literal where it is inserted and text where it is compared', () => {
  const macro = '{% macro f(x) %}[{{ x }}]{% endmacro %}';
  const rows = [
    ['{{ ds }} {{ f(ds) }}', `DATE '${DT}' [DATE '${DT}']`],
    [`{% if ds == '${DT}' %}TODAY{% endif %}{% if ds < '2024-03-31' %}BEFORE{% endif %}`, 'TODAY'],
    ['{{ ds[:7] }} {{ ds[:7] | sql_text }}', "2024-04 '2024-04'"],
    ["{{ '2024-02-29' | sql_date }}", "DATE '2024-02-29'"],
    ['{{ params.start }}', "'2024-01-01'"],
    ['{% if ds >= params.start %}SINCE{% endif %}', 'SINCE'],
  ] as const;
  for (const [sql, expected] of rows)
    assert.equal(rendered(sql, { start: '2024-01-01' }, [macro]), expected, sql);
});

test('refuses to guess whether a value is the date or a param with the same text', () => {
  const params = { start: DT };
  const macro = '{% macro f(x) %}{{ x }}{% endmacro %}';
  assert.equal(rendered('{{ ds }} {{ params.start }}', params), `DATE '${DT}' '${DT}'`);
  const { message, where } = refusal('{{ f(ds) }}', params, [macro]);
  assert.match(message, /both the partition date and a param, and \{\{ x \}\} does not say which/);
  assert.equal(where, 'm1.sql:1');
  const told = macro.replace('{{ x }}', '{{ x | sql_date }}');
  assert.equal(rendered('{{ f(ds) }}', params, [told]), `DATE '${DT}'`);
});

test('an undefined name is named, wherever it stands', () => {
  const params = { mode: 'fast' };
  const rows = [
    ['\n{{ params.mdoe }}', 'params.mdoe', 'behaviour.sql:2', 'params.mode'],
    [`\n\n{% if params.mdoe == 'fast' %}x{% endif %}`, 'params.mdoe', 'behaviour.sql:3', 'params.mode'],
    ['{{ sources.payment }}', 'sources.payment', 'behaviour.sql:1', 'sources.payments'],
    ["{{ params['nope'] }}", "params['nope']", 'behaviour.sql:1', undefined],
    ['{{ nope }}', 'nope', 'behaviour.sql:1', undefined],
    ['é\n{{ sources.payments ~ nope.x }}', 'nope.x', 'behaviour.sql:2', undefined],
    ['{% for a in nope %}{% endfor %}', 'nope', 'behaviour.sql:1', undefined],
    ['{{ f({}) }}', 'x.y.z', 'm1.sql:2', undefined],
  ] as const;
  for (const [sql, name, where, meant] of rows) {
    const error = refusal(sql, params, ['{% macro f(x) %}\n{{ x.y.z }}{% endmacro %}']);
    assert.deepEqual(
      [error.code, error.where, error.details['undefined']],
      ['TEMPLATE_INVALID', where, name],
      sql,
    );
    assert.ok(error.message.startsWith(`The template uses ${name}, which is undefined.`), error.message);
    if (meant !== undefined) assert.match(error.message, new RegExp(`mean ${meant}\\?$`));
  }
  assert.equal(rendered("{{ params.nope | default('z') }}{% if params.nope is defined %}x{% endif %}"), 'z');
});

test('errors name the right one of several macro files, and its line', () => {
  const first = '{% macro a() %}\n1\n{% endmacro %}\n';
  const rows = [
    ['{% macro b(q) %}\n{{ q.x.y }}\n{% endmacro %}', 'm2.sql:2'],
    ['\n{% macro b(q) %}\n{{ q. }}\n{% endmacro %}', 'm2.sql:3'],
    ['{% macro b(q) %}{% endmacro %}', 'behaviour.sql:2'],
  ] as const;
  for (const [second, where] of rows)
    assert.equal(refusal('\n{{ b(1) }}{{ nope }}', {}, [first, second]).where, where, second);
  assert.match(refusal('{{ 1 + }}').message, /unexpected end of variable block/);
  assert.equal(refusal('{{ a) + (b }}').code, 'TEMPLATE_INVALID');
  assert.match(refusal("{{ 'a' | safe }}").message, /escapes text for HTML with "safe"/);
});

test('places in the rendered query lead back to the template, behind loops and in macros', () => {
  const sql = `SELECT account,
{%- for n in [1, 2] %}
  SUM(amount) AS x{{ n }},
{%- endfor %}
  {{ ratio('amount') }} AS é, wrong
FROM {{ sources.payments }}`;
  const macro = '\n{% macro ratio(c) %}SUM({{ c }})\n  / broken{% endmacro %}';
  const output = renderSql(setOf(sql, {}, [macro]), DT);
  const placeOf = (word: string, from = 0): string => {
    const before = output.sql.slice(0, output.sql.indexOf(word, from)).split('\n');
    return placeInTemplate(output, before.length, Array.from(before.at(-1) ?? '').length + 1);
  };
  assert.equal(placeOf('account'), 'behaviour.sql:1:8');
  assert.equal(placeOf('SUM(amount) AS x1'), 'behaviour.sql:3:3');
  assert.equal(placeOf('AS x2'), 'behaviour.sql:3:15');
  assert.equal(placeOf('broken'), 'm1.sql:3:5');
  assert.equal(placeOf('wrong'), 'behaviour.sql:5:31');
  assert.equal(placeOf('source__payments'), 'behaviour.sql:6:6');
});

test('says the line of the rendered query where a template depends on its own output', () => {
  const sql = `{% set c %}amount{% endset %}{{ c | length }}\nSELECT`;
  const output = renderSql(setOf(sql), DT);
  assert.equal(output.sql, '6\nSELECT');
  assert.equal(placeInTemplate(output, 2, 1), 'behaviour.sql (line 2 of the rendered query)');
});
