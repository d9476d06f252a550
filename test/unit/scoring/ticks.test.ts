import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import * as fc from 'fast-check';
import { addDays } from '#features/calendar.ts';
import { scoreDateOfTick, skippedTicks, ticksOf } from '#scoring/ticks.ts';
import { CLOCK_CHANGES } from '#test/support/clock-changes.ts';

const ZONES = [
  'Africa/Cairo',
  'America/Havana',
  'America/New_York',
  'America/Nuuk',
  'America/Santiago',
  'Antarctica/Troll',
  'Asia/Beirut',
  'Asia/Kathmandu',
  'Atlantic/Azores',
  'Australia/Lord_Howe',
  'Europe/Berlin',
  'Europe/London',
  'Pacific/Chatham',
  'UTC',
];

describe('the ticks of a day', () => {
  for (const { name, schedule, timezone, from, ticks } of CLOCK_CHANGES) {
    it(`follow the rule for ${name}`, () => {
      const days = [0, 1, 2, 3, 4].flatMap((day) => ticksOf(schedule, timezone, addDays(from, day)));
      assert.deepEqual(
        days.map(({ at, score_date }) => [at.replace('.000Z', 'Z'), score_date]),
        ticks,
      );
      for (const { at, score_date } of days)
        assert.equal(scoreDateOfTick(schedule, timezone, at), score_date, at);
    });
  }

  it('are one for each day of a daily line, in order, in any zone and at any time', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.integer({ min: 0, max: 24 * 60 - 1 }),
        fc.integer({ min: 0, max: 1_000 }),
        (zone, minute, start) => {
          const schedule = `${minute % 60} ${Math.floor(minute / 60)} * * *`;
          const dates = Array.from({ length: 30 }, (_, day) => addDays('2026-01-01', start + day));
          const ticks = dates.map((date) => ticksOf(schedule, zone, date));
          for (const [index, day] of ticks.entries()) {
            assert.equal(day.length, 1);
            const { at = '', score_date } = day[0] ?? {};
            assert.equal(score_date, dates[index]);
            assert.equal(scoreDateOfTick(schedule, zone, at), dates[index]);
            assert.ok(at > (ticks[index - 1]?.[0]?.at ?? ''));
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('the days on which the clocks skip a line', () => {
  const years = { from: 2026, until: 2029 };

  it('are those of the jumps, with the time that is taken instead', () => {
    const found = skippedTicks('30 2 * * *', 'Europe/Berlin', years);
    assert.deepEqual(
      found.map(({ score_date, at, instead }) => [score_date, at, instead.toString()]),
      [
        ['2026-03-29', '2026-03-29T01:30:00.000Z', '2026-03-29T03:30:00'],
        ['2027-03-28', '2027-03-28T01:30:00.000Z', '2027-03-28T03:30:00'],
        ['2028-03-26', '2028-03-26T01:30:00.000Z', '2028-03-26T03:30:00'],
      ],
    );
  });

  it('belong to the day before when the jump leads into the next one', () => {
    const [first] = skippedTicks('30 23 * * *', 'America/Nuuk', years);
    assert.equal(first?.score_date, '2026-03-28');
    assert.equal(first?.instead.toString(), '2026-03-29T00:30:00');
  });

  for (const [name, schedule, zone] of [
    ['a time that no jump reaches', '0 5 * * *', 'Europe/Berlin'],
    ['a zone without summer time', '30 2 * * *', 'Asia/Kathmandu'],
    ['a line with another time on the day', '30 2,14 * * *', 'Europe/Berlin'],
    ['a line for weekdays, whose jumps are on Sundays', '30 2 * * 1-5', 'Europe/Berlin'],
  ] as const) {
    it(`are none for ${name}`, () => assert.deepEqual(skippedTicks(schedule, zone, years), []));
  }
});

test('the first of two passes of a time belongs to no day, unless somebody asks at that moment', () => {
  for (const [schedule, instant, zone, date] of [
    ['30 1 * * *', '2026-11-01T05:30:00.000Z', 'America/New_York', null],
    ['30 1 * * *', '2026-11-01T06:30:00.000Z', 'America/New_York', '2026-11-01'],
    ['0 5 * * *', '2026-11-01T05:30:00.000Z', 'America/New_York', '2026-11-01'],
    ['30 2 * * *', '2026-10-25T00:30:59.999Z', 'Europe/Berlin', null],
    ['30 2 * * *', '2026-10-25T01:30:59.999Z', 'Europe/Berlin', '2026-10-25'],
  ] as const)
    assert.equal(scoreDateOfTick(schedule, zone, instant), date, `${instant} in ${zone}`);
});

test('a tick belongs to the calendar day of the zone, on days of 23 and 25 hours too', () => {
  for (const [instant, zone, date] of [
    ['2026-03-29T00:30:00.000Z', 'Europe/London', '2026-03-29'],
    ['2026-03-29T22:59:59.999Z', 'Europe/London', '2026-03-29'],
    ['2026-03-29T23:00:00.000Z', 'Europe/London', '2026-03-30'],
    ['2026-10-25T23:59:59.999Z', 'Europe/London', '2026-10-25'],
    ['2026-10-26T00:00:00.000Z', 'Europe/London', '2026-10-26'],
    ['2026-01-01T05:00:00.000Z', 'America/New_York', '2026-01-01'],
    ['2026-01-01T04:59:59.999Z', 'America/New_York', '2025-12-31'],
    ['2025-12-31T10:00:00.000Z', 'Pacific/Kiritimati', '2026-01-01'],
    ['2026-06-30T23:59:59.999Z', 'UTC', '2026-06-30'],
  ] as const)
    assert.equal(scoreDateOfTick('0 12 * * *', zone, instant), date, `${instant} in ${zone}`);
});
