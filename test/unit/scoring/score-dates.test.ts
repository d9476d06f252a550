import assert from 'node:assert/strict';
import { test } from 'node:test';
import { begunServingDates } from '#scoring/score-dates.ts';

const daily = { grain: 'day', start: '2024-01-01', max_staleness: '1d' } as const;
const set = (time_zone: string) => ({ partition: { ...daily, time_zone } });
const LATER = new Date('2025-01-01T00:00:00Z');

test('a score date is served by dates that had begun when it was scheduled, also in a backfill', () => {
  const cases: readonly (readonly [schedule: string, timezone: string, zone: string, newest: string])[] = [
    ['0 5 * * *', 'Europe/London', 'UTC', '2024-06-15'],
    ['0 5 * * *', 'Asia/Taipei', 'Asia/Taipei', '2024-06-15'],
    ['0 5 * * *', 'Asia/Taipei', 'UTC', '2024-06-14'], // at 05:00 in Taipei it is still the day before in UTC
    ['0 9 * * *', 'Asia/Taipei', 'UTC', '2024-06-15'],
    ['0 5,9 * * *', 'Asia/Taipei', 'UTC', '2024-06-14'], // the day is scored at its first time
    ['0 5 * * 1', 'Asia/Taipei', 'UTC', '2024-06-15'], // a Saturday, on which nothing is scheduled
  ];
  for (const [schedule, timezone, zone, newest] of cases) {
    const [found] = begunServingDates(
      set(zone),
      { schedule, timezone },
      { score_date: '2024-06-15', now: LATER },
    );
    assert.equal(found, newest, `${schedule} ${timezone} ${zone}`);
  }
});

test('no date serves before it has begun', () => {
  const deploy = { schedule: '0 5 * * *', timezone: 'UTC' };
  const now = new Date('2024-06-14T23:59:59Z');
  assert.deepEqual(begunServingDates(set('UTC'), deploy, { score_date: '2024-06-15', now }), ['2024-06-14']);
  assert.deepEqual(begunServingDates(set('Asia/Taipei'), deploy, { score_date: '2024-06-15', now }), [
    '2024-06-15',
    '2024-06-14',
  ]);
});
