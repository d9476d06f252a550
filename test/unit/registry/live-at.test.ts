import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { liveAt, type GoLive } from '#registry/deployments/live-at.ts';

const NEXT_DAY: readonly (readonly [why: string, requested: string, zone: string, live: string])[] = [
  ['winter in London', '2026-01-10T15:00:00Z', 'Europe/London', '2026-01-11T00:00:00.000Z'],
  ['summer in London', '2026-07-10T15:00:00Z', 'Europe/London', '2026-07-10T23:00:00.000Z'],
  ['the eve of the spring gap', '2026-03-28T12:00:00Z', 'Europe/London', '2026-03-29T00:00:00.000Z'],
  [
    'the day of the spring gap, of 23 hours',
    '2026-03-29T00:30:00Z',
    'Europe/London',
    '2026-03-29T23:00:00.000Z',
  ],
  ['the eve of the autumn overlap', '2026-10-24T12:00:00Z', 'Europe/London', '2026-10-24T23:00:00.000Z'],
  [
    'the day of the autumn overlap, of 25 hours',
    '2026-10-24T23:30:00Z',
    'Europe/London',
    '2026-10-26T00:00:00.000Z',
  ],
  ['the first 01:30 of the overlap', '2026-10-25T00:30:00Z', 'Europe/London', '2026-10-26T00:00:00.000Z'],
  ['the second 01:30 of the overlap', '2026-10-25T01:30:00Z', 'Europe/London', '2026-10-26T00:00:00.000Z'],
  ['midnight itself, a day later', '2026-01-11T00:00:00Z', 'Europe/London', '2026-01-12T00:00:00.000Z'],
  ['already tomorrow in Taipei', '2026-01-10T17:00:00Z', 'Asia/Taipei', '2026-01-11T16:00:00.000Z'],
  [
    'still yesterday in Los Angeles',
    '2026-01-10T05:00:00Z',
    'America/Los_Angeles',
    '2026-01-10T08:00:00.000Z',
  ],
  ['a zone of 45 minutes', '2026-01-10T12:00:00Z', 'Asia/Kathmandu', '2026-01-10T18:15:00.000Z'],
  [
    'a midnight that does not exist (Havana)',
    '2026-03-07T12:00:00Z',
    'America/Havana',
    '2026-03-08T05:00:00.000Z',
  ],
  [
    'a midnight that happens twice (Havana)',
    '2026-10-31T12:00:00Z',
    'America/Havana',
    '2026-11-01T04:00:00.000Z',
  ],
  [
    'a whole day that does not exist (Apia)',
    '2011-12-29T12:00:00Z',
    'Pacific/Apia',
    '2011-12-30T10:00:00.000Z',
  ],
  ['a leap day', '2028-02-28T12:00:00Z', 'UTC', '2028-02-29T00:00:00.000Z'],
];

const AFTER: readonly (readonly [after: string, requested: string, live: string])[] = [
  ['2s', '2026-01-10T15:00:00Z', '2026-01-10T15:00:02.000Z'],
  ['10m', '2026-01-10T15:00:00.250Z', '2026-01-10T15:10:00.250Z'],
  ['12h', '2026-03-28T20:00:00Z', '2026-03-29T08:00:00.000Z'],
  ['1d', '2026-03-28T20:00:00Z', '2026-03-29T20:00:00.000Z'],
];

const ZONES = [
  'Europe/London',
  'Asia/Taipei',
  'America/Havana',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'UTC',
];

describe('the moment of going live', () => {
  for (const [why, requested, zone, live] of NEXT_DAY) {
    it(`next_day, ${why}`, () => assert.equal(liveAt(requested, 'next_day', zone), live));
  }
  for (const [after, requested, live] of AFTER) {
    it(`${after} after ${requested}, whatever the clocks do`, () => {
      assert.equal(liveAt(requested, { after }, 'Europe/London'), live);
    });
  }

  const refused: readonly (readonly [string, GoLive, string])[] = [
    ['yesterday', 'next_day', 'UTC'],
    ['2026-01-10', 'next_day', 'UTC'],
    ['2026-01-10T15:00:00Z', 'next_day', 'Europe/Londn'],
    ['2026-01-10T15:00:00Z', { after: '0s' }, 'UTC'],
    ['2026-01-10T15:00:00Z', { after: '1w' }, 'UTC'],
  ];
  for (const [requested, policy, zone] of refused) {
    it(`refuses ${JSON.stringify([requested, policy, zone])}`, () => {
      assert.throws(() => liveAt(requested, policy, zone), { code: 'GO_LIVE_INVALID' });
    });
  }

  it('next_day is after the request, on the next local date, and no earlier moment has that date', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2000-01-01'), max: new Date('2040-01-01'), noInvalidDate: true }),
        fc.constantFrom(...ZONES),
        (requested, zone) => {
          const live = Date.parse(liveAt(requested.toISOString(), 'next_day', zone));
          assert.ok(live > requested.getTime());
          const localDate = dateIn(zone);
          assert.ok(localDate(live) > localDate(requested.getTime()));
          assert.equal(localDate(live - 1), localDate(requested.getTime()));
        },
      ),
      { numRuns: 300 },
    );
  });
});

function dateIn(timeZone: string): (at: number) => string {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
  return (at) => format.format(at);
}
