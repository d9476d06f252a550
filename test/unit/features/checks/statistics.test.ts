import assert from 'node:assert/strict';
import { test } from 'node:test';
import { columnStatistics, type FooterStatistics } from '#features/checks/statistics.ts';

function group(
  column: string,
  min: string | null,
  max: string | null,
  nulls = 0,
  rows = 10,
): FooterStatistics {
  return { column, rows, nulls, min, max };
}

const COLUMNS = [
  { name: 'account', type: 'bigint' },
  { name: 'paid', type: 'double' },
  { name: 'on', type: 'timestamp' },
  { name: 'town', type: 'string' },
  { name: 'open', type: 'boolean' },
] as const;

test('sums nulls and takes the outermost bounds of all row groups, of numbers and times alone', () => {
  const footers = [
    group('account', '1', '9'),
    group('paid', '9', '10.5', 2),
    group('on', '2024-01-02', '2024-01-31 10:00:00'),
    group('town', 'bonn', 'ulm', 1),
    group('open', 'false', 'true', 3),
    group('paid', '-2', '100', 1),
    group('on', '2024-01-01', '2024-01-30'),
    group('town', 'aachen', 'trier'),
  ];
  assert.deepEqual(columnStatistics(COLUMNS, ['account'], footers), [
    { name: 'account', nulls: 0 },
    { name: 'paid', nulls: 3, min: -2, max: 100 },
    { name: 'on', nulls: 0, min: '2024-01-01', max: '2024-01-31 10:00:00' },
    { name: 'town', nulls: 1 },
    { name: 'open', nulls: 3 },
  ]);
});

test('gives null for a bound that is unknown or not finite, and passes over row groups of nulls alone', () => {
  const paid = (...footers: FooterStatistics[]) =>
    columnStatistics(COLUMNS.slice(1, 2), undefined, footers)[0];
  const known = group('paid', '1', '2');
  assert.deepEqual(paid(known, group('paid', null, null)), { name: 'paid', nulls: 0, min: null, max: null });
  assert.deepEqual(paid(known, group('paid', '0', 'inf')), { name: 'paid', nulls: 0, min: 0, max: null });
  assert.deepEqual(paid(known, group('paid', null, null, 10)), { name: 'paid', nulls: 10, min: 1, max: 2 });
  assert.deepEqual(paid(), { name: 'paid', nulls: 0, min: null, max: null });
});
