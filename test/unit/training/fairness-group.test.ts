import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bandNames } from '#configs/fairness.ts';
import { fairnessGroup } from '#training/fairness-group.ts';
import { accounts } from '#test/support/feature-configs.ts';

test('names bands by their edges', () => {
  assert.deepEqual(bandNames([25]), ['under 25', '25 and over']);
  assert.deepEqual(bandNames([-1.5, 0, 40]), ['under -1.5', '-1.5 to 0', '0 to 40', '40 and over']);
});

test('turns a year older on the birthday, and after 28 February in a year without the 29th', () => {
  const source = { ...accounts, columns: { ...accounts.columns, born: 'date' as const } };
  const bound = (date: string) =>
    /> DATE '([^']+)'/.exec(fairnessGroup(source, { column: 'born', age_bands: [18] }, date))?.[1];
  // Who was born on this date or before is 18.
  assert.equal(bound('2024-05-31'), '2006-05-31');
  assert.equal(bound('2024-02-29'), '2006-02-28');
  assert.equal(bound('2022-02-28'), '2004-02-28', 'someone born on 29 February is still 17');
  assert.equal(bound('2022-03-01'), '2004-03-01');
});
