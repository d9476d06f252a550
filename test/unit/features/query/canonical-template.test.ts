import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { canonicalTemplate } from '#features/query/canonical-template.ts';
import { renderSql } from '#features/query/render.ts';
import { featureSet } from '#test/support/feature-configs.ts';

test('leaves comments and layout out', () => {
  const written = `
    {# what it is for #}
    SELECT account,   -- the entity
      SUM( amount ) AS paid /* of /* all */ payments */
    FROM {{sources.payments}} WHERE note <> 'a  -- b' {%- if params.deep %} AND 1<2{% endif %};
  `;
  assert.equal(
    canonicalTemplate(written),
    "SELECT account,SUM(amount)AS paid FROM {{ sources.payments }} WHERE note <> 'a  -- b'{%- if params.deep %} AND 1<2{% endif %}",
  );
});

test('keeps what may change a row', () => {
  for (const [one, other] of [
    ["SELECT 'a b'", "SELECT 'a  b'"],
    ['SELECT `a b`', 'SELECT `a  b`'],
    ['SELECT 1 - -2', 'SELECT 1 --2'],
    ['SELECT a < = b', 'SELECT a <= b'],
    ['SELECT ab', 'SELECT a b'],
    ['SELECT a{# x #}b', 'SELECT a b'],
    ["{{ f('a b') }}", "{{ f('a  b') }}"],
    ['SELECT {{ -x }}', 'SELECT {{- x }}'],
    ['SELECT /*+ BROADCAST(a) */ 1', 'SELECT /* BROADCAST(a) */ 1'],
  ] as const)
    assert.notEqual(canonicalTemplate(one), canonicalTemplate(other), one);
});

test('takes no template apart whose quotes and comments a tag may change', () => {
  for (const template of [
    "SELECT '{{ params.a }}'",
    'SELECT 1 -- {% if params.a %}',
    'SELECT /* {{ ds }} */ 1',
    '{% raw %} -- {% endraw %}',
    `SELECT {{ "'" }} a  b {{ "'" }}`,
    "SELECT 'open",
    'SELECT {{ open',
    'SELECT /* open',
    '{# open',
    'SELECT 1 -- on and on\n{%- if params.a %}, 2{% endif %}',
    'SELECT 1 - {#- then -#} -2',
    'SELECT 1 -{% if params.a %}-- on\n{% endif %} 2',
  ])
    assert.equal(canonicalTemplate(template), undefined, template);
});

const token = fc.constantFrom(
  'SELECT',
  'a',
  '`b  c`',
  "'x  -- y'",
  "'it\\'s'",
  '"q /* r"',
  '+',
  '- ',
  '<',
  '=',
  ',',
  '(',
  ')',
  '1.5',
  '{{ ds }}',
  '{{ params.n }}',
  '{% if params.n > 1 %}',
  '{% endif %}',
  '{%- if params.n > 1 -%}',
);
const between = fc.constantFrom(
  ' ',
  '\n',
  '\t  ',
  ' -- note it\'s "so\n',
  " /* a ' b */ ",
  '{# x #} ',
  ' {#- y -#} ',
);

test('renders to the same tokens, whatever the comments and the layout', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(token, between), { maxLength: 12 }), (parts) => {
      const written = parts.flat().join('');
      const canonical = canonicalTemplate(written);
      if (canonical === undefined) return;
      const wanted = tokensOf(written);
      if (wanted !== undefined) assert.deepEqual(tokensOf(canonical), wanted, canonical);
      assert.equal(canonicalTemplate(canonical), canonical);
    }),
    { numRuns: 5_000 },
  );
});

test('takes linear time', () => {
  const started = performance.now();
  for (const text of ['a, -- c\n', '{{ x ', "{{ 'a' ", "'", '/*', '{# ', '{% ', '( '])
    canonicalTemplate(text.repeat(100_000));
  assert.ok(performance.now() - started < 5_000);
});

const REFERENCE = /'(?:[^'\\]|\\.)*'|"[^"]*"|`[^`]*`|--[^\n]*|\/\*(?:[^*]|\*(?!\/))*\*\/|\w+|\S/g;

/** Undefined if the template cannot be rendered, such as for an `endif` without its `if`. */
function tokensOf(sql: string): readonly string[] | undefined {
  try {
    // After a first token, since a tag removes the space between macros and query.
    const set = featureSet({ sql: `x ${sql}`, macros: '', params: { n: 2 } });
    const rendered = renderSql(set, '2024-03-01');
    const tokens = rendered.sql.match(REFERENCE) ?? [];
    return tokens.filter((one) => !one.startsWith('--') && !one.startsWith('/*'));
  } catch {
    return undefined;
  }
}
