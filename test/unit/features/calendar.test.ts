import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  addDays,
  addMonths,
  isPartitionDate,
  labelDates,
  labelEnd,
  partitionDates,
  servingDates,
  type PartitionCalendar,
} from '#features/calendar.ts';

const monthly: PartitionCalendar = { grain: 'month', start: '2005-05-01', max_staleness: '35d' };
const daily: PartitionCalendar = {
  grain: 'day',
  start: '2024-02-27',
  end: '2024-03-02',
  max_staleness: '2d',
};

const date = fc.integer({ min: 0, max: 30_000 }).map((days) => addDays('1990-01-01', days));
const calendar: fc.Arbitrary<PartitionCalendar> = fc.record({
  grain: fc.constantFrom('day' as const, 'month' as const),
  start: date,
  end: fc.option(date, { nil: undefined }),
  max_staleness: fc.integer({ min: 1, max: 400 }).map((days) => `${days}d`),
});

test('partition dates keep to the grain, the asked range and the set’s own range', () => {
  assert.deepEqual(partitionDates(monthly, '2005-01-01', '2005-07-31'), [
    '2005-05-01',
    '2005-06-01',
    '2005-07-01',
  ]);
  assert.deepEqual(partitionDates(monthly, '2005-05-02', '2005-05-31'), []);
  assert.deepEqual(partitionDates(daily, '2024-01-01', '2025-01-01'), [
    '2024-02-27',
    '2024-02-28',
    '2024-02-29',
    '2024-03-01',
    '2024-03-02',
  ]);
  assert.equal(isPartitionDate(monthly, '2005-06-15'), false);
  assert.equal(isPartitionDate(daily, '2024-02-29'), true);
});

test('serving dates are newest first, never after the score date, never older than the staleness', () => {
  assert.deepEqual(servingDates(monthly, '2005-10-20'), ['2005-10-01']);
  assert.deepEqual(servingDates(monthly, '2005-10-04'), ['2005-10-01', '2005-09-01']);
  assert.deepEqual(servingDates(monthly, '2005-04-30'), []);
  assert.deepEqual(servingDates(daily, '2024-03-04'), ['2024-03-02']);
  assert.deepEqual(servingDates(daily, '2024-03-05'), []);
});

test('a label counts once its period has ended, and the newest window is taken', () => {
  const label = { horizon: '1 month', window: 2 };
  assert.deepEqual(labelDates({ ...label, window: 1 }, monthly, '2005-11-01'), ['2005-10-01']);
  assert.deepEqual(labelDates(label, monthly, '2005-10-31'), ['2005-08-01', '2005-09-01']);
  assert.deepEqual(labelDates(label, monthly, '2005-05-31'), []);
  assert.equal(labelEnd('2024-01-31', '1 month'), '2024-02-29');
  assert.equal(labelEnd('2024-02-28', '2 days'), '2024-03-01');
});

test('month arithmetic clamps to the last day and never skips a month', () => {
  assert.equal(addMonths('2023-12-31', 2), '2024-02-29');
  fc.assert(
    fc.property(date, fc.integer({ min: -60, max: 60 }), (day, months) => {
      const [y = 0, m = 0] = day.split('-').map(Number);
      const [y2 = 0, m2 = 0] = addMonths(day, months).split('-').map(Number);
      return y2 * 12 + m2 - (y * 12 + m) === months;
    }),
  );
});

test('every partition date of a range is found, once, in order, and alone is one', () => {
  fc.assert(
    fc.property(calendar, date, fc.integer({ min: 0, max: 200 }), (partition, from, length) => {
      const to = addDays(from, length);
      const dates = partitionDates(partition, from, to);
      assert.deepEqual(dates, [...new Set(dates)].sort());
      for (const dt of dates) {
        assert.ok(dt >= from && dt <= to && dt >= partition.start && dt <= (partition.end ?? dt));
        assert.ok(partition.grain === 'day' || dt.endsWith('-01'));
        assert.ok(isPartitionDate(partition, dt));
      }
      for (let day = from; day <= to; day = addDays(day, 1))
        assert.equal(dates.includes(day), isPartitionDate(partition, day));
    }),
    { numRuns: 50 },
  );
});

test('no label date has a period that ends after the as-of date', () => {
  fc.assert(
    fc.property(
      calendar,
      date,
      fc.integer({ min: 1, max: 6 }),
      fc.constantFrom('1 month', '3 months', '30 days', '1 day'),
      (partition, asOf, window, horizon) => {
        const dates = labelDates({ horizon, window }, { ...partition, start: '2000-01-01' }, asOf);
        assert.ok(dates.length <= window);
        for (const dt of dates) assert.ok(labelEnd(dt, horizon) <= asOf);
      },
    ),
    { numRuns: 30 },
  );
});
