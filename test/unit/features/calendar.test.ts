import type { SplitConfig } from '#configs/model.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  addDays,
  addMonths,
  daysIn,
  isPartitionDate,
  labelDates,
  labelEnd,
  lastPartitionDate,
  partitionDates,
  servingDates,
  trainingDates,
  upstreamDate,
  type PartitionCalendar,
} from '#features/calendar.ts';
import { FIRST_PARTITION_DATE, LAST_PARTITION_DATE } from '#configs/partition-dates.ts';

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

test('a set is read at the newest of its dates that may serve the date', () => {
  assert.equal(upstreamDate(monthly, '2005-10-01'), '2005-10-01');
  assert.equal(upstreamDate(monthly, '2005-10-31'), '2005-10-01');
  assert.equal(upstreamDate(monthly, '2005-04-30'), undefined);
  assert.equal(upstreamDate({ ...monthly, end: '2005-06-01' }, '2005-07-06'), '2005-06-01');
  assert.equal(upstreamDate({ ...monthly, end: '2005-06-01' }, '2005-07-07'), undefined);
  assert.equal(upstreamDate(daily, '2024-02-29'), '2024-02-29');
  fc.assert(
    fc.property(calendar, date, (partition, dt) => {
      assert.equal(upstreamDate(partition, dt), servingDates(partition, dt)[0]);
      if (isPartitionDate(partition, dt)) assert.equal(upstreamDate(partition, dt), dt);
    }),
  );
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

test('an out-of-time split leaves a gap as long as the horizon before the dates it holds out', () => {
  const daily = { grain: 'day', start: '2024-01-01', max_staleness: '2d' } as const;
  const dates = (split: SplitConfig, label: object = {}) =>
    trainingDates({ label: { ...LABEL, ...label }, split }, daily, '2024-02-01');
  const byEntity = { kind: 'by_entity', test_share: 0.5 } as const;
  assert.deepEqual(dates(byEntity), ['2024-01-26', '2024-01-27', '2024-01-28', '2024-01-29']);
  const outOfTime = { kind: 'out_of_time', test_dates: 2 } as const;
  // The windows of the dates between end after the first held-out date began.
  assert.deepEqual(dates(outOfTime), ['2024-01-24', '2024-01-25', '2024-01-28', '2024-01-29']);
  assert.deepEqual(dates(outOfTime, { horizon: '1 day' }), [
    '2024-01-28',
    '2024-01-29',
    '2024-01-30',
    '2024-01-31',
  ]);
  assert.deepEqual(dates(outOfTime, { horizon: '40 days' }), []);
});

const LABEL = { source: 'defaults', column: 'defaulted', horizon: '3 days', window: 4 };

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

const anyDate = fc
  .tuple(fc.integer({ min: 0, max: 9_999 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }))
  .map(([year, month, day]) =>
    [year, month, day].map((part, index) => String(part).padStart(index === 0 ? 4 : 2, '0')).join('-'),
  );

test('does bounded work for every year, and lists no date outside 1900 to 2199', () => {
  const most = { day: daysIn(FIRST_PARTITION_DATE, LAST_PARTITION_DATE), month: 12 * 300 };
  const extremes = fc.constantFrom('0000-01-01', '0000-02-29', '9999-12-01', '9999-12-31');
  const dates = fc.oneof(anyDate, extremes);
  fc.assert(
    fc.property(calendar, dates, dates, dates, (partition, start, from, to) => {
      const open = { ...partition, start, end: undefined, max_staleness: '999999d' };
      for (const found of [
        partitionDates(open, from, to),
        servingDates(open, to).toReversed(),
        labelDates({ horizon: '999 months', window: 120 }, open, to),
      ]) {
        assert.ok(found.length <= most[open.grain]);
        assert.ok((found[0] ?? FIRST_PARTITION_DATE) >= FIRST_PARTITION_DATE);
        assert.ok((found.at(-1) ?? LAST_PARTITION_DATE) <= LAST_PARTITION_DATE);
      }
      assert.equal(lastPartitionDate(open, from, to), partitionDates(open, from, to).at(-1));
    }),
    { numRuns: 60 },
  );
});

test('refuses the year 9999 without a loop', () => {
  for (const grain of ['day', 'month'] as const) {
    const partition: PartitionCalendar = { grain, start: '2024-01-01', max_staleness: '3d' };
    const started = performance.now();
    for (let turn = 0; turn < 1_000; turn += 1) {
      assert.equal(isPartitionDate(partition, '9999-12-01'), false);
      assert.equal(isPartitionDate(partition, '9999-12-31'), false);
      assert.equal(isPartitionDate(partition, '+010000-01-01'), false);
      assert.equal(isPartitionDate(partition, '0000-01-01'), false);
      assert.equal(lastPartitionDate(partition, '9999-12-01', '9999-12-31'), undefined);
    }
    assert.ok(performance.now() - started < 500);
  }
});

test('date arithmetic stays within the years that compare as text', () => {
  assert.equal(addDays('9999-12-31', 1), '9999-12-31');
  assert.equal(addDays('0000-01-01', -1), '0000-01-01');
  assert.equal(addMonths('9999-12-31', 12), '9999-12-31');
  assert.equal(addMonths('0050-01-31', 1), '0050-02-28');
  assert.equal(labelEnd('9999-12-31', '999 months'), '9999-12-31');
  fc.assert(
    fc.property(anyDate, fc.integer({ min: -5_000_000, max: 5_000_000 }), (date, count) => {
      for (const moved of [addDays(date, count), addMonths(date, count)]) {
        assert.match(moved, /^\d{4}-\d{2}-\d{2}$/);
        assert.ok(count >= 0 ? moved >= date : moved <= date);
      }
    }),
  );
});
