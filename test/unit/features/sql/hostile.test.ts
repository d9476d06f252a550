import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MillraceError } from '#errors/millrace-error.ts';
import { featureQuery } from '#features/query/feature-query.ts';
import { configsOf, featureSet } from '#test/support/feature-configs.ts';
import { HOSTILE } from './hostile-queries.ts';

const TYPES = ['bigint', 'int', 'double', 'string', 'boolean'];

/** Undefined if a set with this query is accepted, whatever type its feature has; otherwise the code of the refusal. */
function refusal(sql: string): string | undefined {
  let code: string | undefined;
  for (const type of TYPES) {
    const set = featureSet({ sql, features: { f: type } });
    try {
      featureQuery(set, configsOf(set), '2024-03-01');
      return undefined;
    } catch (error) {
      if (!(error instanceof MillraceError)) throw error;
      if (error.code !== 'FEATURE_TYPE_DIFFERS') return error.code;
      ({ code } = error);
    }
  }
  return code;
}

for (const { what, twin, tries, forms } of HOSTILE)
  test(`refuses ${what} in each form whose harmless twin it accepts`, () => {
    const refused = new Map<string, number>();
    for (const [where, form] of forms) {
      assert.equal(refusal(form.replaceAll('@', twin)), undefined, `the twin of ${where}: ${form}`);
      for (const tried of tries) {
        const code = refusal(form.replaceAll('@', tried));
        assert.match(
          code ?? 'accepted',
          /^(SQL_INVALID|SQL_NOT_TRANSLATABLE|FEATURE_FROM_SENSITIVE)$/,
          `${tried} in ${where}`,
        );
        refused.set(code ?? '', (refused.get(code ?? '') ?? 0) + 1);
      }
    }
    assert.equal(
      [...refused.values()].reduce((sum, count) => sum + count, 0),
      forms.length * tries.length,
    );
  });

test('names the sensitive column that a query reads, however it is spelt', () => {
  for (const column of ['sex', 'SEX', '`sEx`']) {
    const set = featureSet({
      sql: `SELECT account, ${column} AS f FROM {{ sources.accounts }}`,
      features: { f: 'string' },
    });
    assert.throws(() => featureQuery(set, configsOf(set), '2024-03-01'), {
      code: 'FEATURE_FROM_SENSITIVE',
      message: /accounts\.sex/,
    });
  }
});

test('holds at least 150 hostile queries', () => {
  assert.ok(HOSTILE.reduce((sum, { tries, forms }) => sum + tries.length * forms.length, 0) >= 150);
});
