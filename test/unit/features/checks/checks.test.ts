import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { checkSchema } from '#configs/checks.ts';
import { checkResults } from '#features/checks/checks.ts';
import { findingsOf, findingsQuery, isAcceptable } from '#features/checks/findings.ts';
import { named } from '#test/support/engine-builds.ts';

const check = (yaml: unknown) => checkSchema.parse(yaml);
const COLUMNS = named({ account: 'bigint', a: 'double', b: 'string', n: 'bigint' });

test('all checks are one aggregate query over the rows', () => {
  const sql = findingsQuery({
    uniqueBy: ['account'],
    columns: COLUMNS,
    counts: { large: 'a > 5' },
    checks: [
      check({ expect_column_values_to_not_be_null: { column: 'a' } }),
      check({ expect_column_values_to_be_between: { column: 'a', min_value: -1, max_value: 2 } }),
      check({ expect_column_values_to_be_in_set: { column: 'b', value_set: ["it's"] } }),
      check({ expect_column_values_to_be_in_set: { column: 'n', value_set: ['9007199254740993', 7] } }),
    ],
  });
  assert.equal(sql.match(/SELECT/g)?.length, 1);
  const a = 'CASE WHEN isnan(`a`) THEN NULL ELSE `a` END';
  assert.ok(sql.includes(`COUNT(CASE WHEN (${a}) IS NULL THEN 1 END) AS unexpected_0`), sql);
  assert.ok(sql.includes(`(${a}) < (-1) OR (${a}) > 2 THEN 1 END) AS unexpected_1`), sql);
  assert.match(sql, /CASE WHEN `b` = '' THEN NULL ELSE `b` END\) NOT IN \('it\\'s'\)/);
  assert.match(sql, /\(`n`\) NOT IN \(\(9007199254740993\), 7\)/);
  assert.match(sql, /COUNT\(`account`\) - COUNT\(DISTINCT `account`\) AS key_repeats/);
  assert.match(sql, /COUNT\(CASE WHEN a > 5 THEN 1 END\) AS count_0/);
});

test('results follow Great Expectations: mostly, severity, nothing to look at', () => {
  const verdict = (yaml: unknown, unexpected: number | null, of: number): [boolean, number | null] => {
    const figures = { all_rows: of, present_0: of, unexpected_0: unexpected, figure_0: unexpected };
    const [result] = checkResults([check(yaml)], COLUMNS, figures);
    assert.ok(result !== undefined);
    return [result.success, result.observed];
  };
  const between = (more: object) => ({ expect_column_values_to_be_between: { column: 'a', ...more } });
  assert.deepEqual(verdict(between({ max_value: 1 }), 0, 10), [true, 0]);
  assert.deepEqual(verdict(between({ max_value: 1 }), 1, 1_000_000), [false, 1e-6]);
  assert.deepEqual(verdict(between({ max_value: 1, mostly: 0.9 }), 1, 10), [true, 0.1]);
  assert.deepEqual(verdict(between({ max_value: 1, mostly: 0.9 }), 2, 10), [false, 0.2]);
  assert.deepEqual(verdict(between({ max_value: 1 }), 0, 0), [true, null]);
  const rows = { expect_table_row_count_to_be_between: { min_value: 2 } };
  assert.deepEqual(verdict(rows, 1, 1), [false, 1]);
  assert.deepEqual(verdict(rows, 2, 2), [true, 2]);
  const mean = { expect_column_mean_to_be_between: { column: 'a', max_value: 5 } };
  assert.deepEqual(verdict(mean, 5, 3), [true, 5]);
  assert.deepEqual(verdict(mean, null, 0), [false, null]);
});

test('a check passes exactly when the share of unexpected rows is within what mostly allows', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1000 }),
      fc.nat(1000),
      fc.integer({ min: 1, max: 100 }),
      (of, some, percent) => {
        const unexpected = Math.min(some, of);
        const yaml = { expect_column_values_to_be_between: { column: 'a', mostly: percent / 100 } };
        const figures = { all_rows: of, present_0: of, unexpected_0: unexpected };
        const [result] = checkResults([check(yaml)], COLUMNS, figures);
        return result?.success === unexpected * 100 <= of * (100 - percent);
      },
    ),
  );
});

const rules = { uniqueBy: ['account'], columns: COLUMNS, checks: [] };

test('entities are counted with the checks', () => {
  const { rows, withoutKey, repeatedKeys } = findingsOf(rules, { all_rows: 3, key_nulls: 1, key_repeats: 0 });
  assert.deepEqual([rows, withoutKey, repeatedKeys], [3, 1, 0]);
});

test('accepts rows only if there are some, one per key, and no check of severity error failed', () => {
  const findings = findingsOf(rules, { all_rows: 3 });
  const result = { expectation: 'e', success: false, observed: 1, kwargs: {}, result: {} };
  assert.equal(isAcceptable(findings), true);
  assert.equal(isAcceptable({ ...findings, checks: [{ ...result, severity: 'warn' }] }), true);
  assert.equal(isAcceptable({ ...findings, checks: [{ ...result, severity: 'error' }] }), false);
  assert.equal(isAcceptable({ ...findings, rows: 0 }), false);
  assert.equal(isAcceptable({ ...findings, withoutKey: 1 }), false);
  assert.equal(isAcceptable({ ...findings, repeatedKeys: 1 }), false);
});
