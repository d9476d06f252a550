import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { checkSchema } from '#configs/checks.ts';
import { checkQuery, checkResults, entityFigures } from '#features/checks/checks.ts';

const check = (yaml: unknown) => checkSchema.parse(yaml);

test('all checks are one aggregate query over the rows', () => {
  const sql = checkQuery(
    [
      check({ expect_column_values_to_not_be_null: { column: 'a' } }),
      check({ expect_column_values_to_be_between: { column: 'a', min_value: -1, max_value: 2 } }),
      check({ expect_column_values_to_be_in_set: { column: 'b', value_set: ["it's", 1] } }),
    ],
    'account',
  );
  assert.equal(sql.match(/SELECT/g)?.length, 1);
  assert.match(sql, /COUNT\(\*\) - COUNT\(`a`\) AS unexpected_0/);
  assert.match(sql, /`a` < \(-1\) OR `a` > 2 THEN 1 END\) AS unexpected_1/);
  assert.match(sql, /`b` NOT IN \('it\\'s', 1\)/);
});

test('results follow Great Expectations: mostly, severity, nothing to look at', () => {
  const verdict = (yaml: unknown, unexpected: number | null, of: number): [boolean, number | null] => {
    const [result] = checkResults([check(yaml)], { unexpected_0: unexpected, of_0: of });
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
        const [result] = checkResults([check(yaml)], { unexpected_0: unexpected, of_0: of });
        return result?.success === unexpected * 100 <= of * (100 - percent);
      },
    ),
  );
});

test('entities are counted with the checks', () => {
  assert.deepEqual(entityFigures({ entity_rows: 3, entity_nulls: 1, entity_repeats: 0 }), {
    rows: 3,
    withoutEntity: 1,
    repeatedEntities: 0,
  });
});
