import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { type SourceConfig, sourceSchema } from '#configs/source.ts';
import { dateAt, hasBegun, startOf } from '#features/business-time.ts';
import { knownBefore, knownInFullUntil } from '#features/query/availability.ts';
import { daysLater, instantOf, wasKnown } from '#test/support/naive-history.ts';

const HOUR_MS = 3_600_000;
const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Taipei', 'Africa/Cairo', 'America/Havana'];

function source(loaded: 'date' | 'timestamp', availability?: object): SourceConfig {
  return sourceSchema.parse({
    kind: 'Source',
    name: 'labels',
    owner: 'core',
    location: 'raw/labels/',
    keys: ['id'],
    event_time: 'happened',
    known_time: 'loaded',
    availability,
    columns: { id: 'bigint', happened: 'timestamp', loaded },
  });
}

function bound(of: SourceConfig, date: string, zone: string): string {
  const known = knownBefore(of, { date, zone });
  return known.type === 'date' ? known.date : known.instant.toString();
}

test('a date begins when its first instant does, whatever the clocks do', () => {
  const cases = [
    ['2024-06-15', 'UTC', '2024-06-15T00:00:00Z'],
    ['2024-06-15', 'Asia/Taipei', '2024-06-14T16:00:00Z'],
    ['2024-04-26', 'Africa/Cairo', '2024-04-25T22:00:00Z'], // 00:00 is skipped
    ['2024-11-03', 'America/Havana', '2024-11-03T04:00:00Z'], // 00:00 comes twice
  ] as const;
  for (const [date, zone, instant] of cases) {
    assert.equal(startOf(date, zone).toInstant().toString(), instant, `${date} ${zone}`);
    const at = Date.parse(instant);
    assert.ok(hasBegun(date, zone, new Date(at)));
    assert.ok(!hasBegun(date, zone, new Date(at - 1)));
    assert.deepEqual(
      [dateAt(new Date(at), zone), dateAt(new Date(at - 1), zone)],
      [date, daysLater(date, -1)],
    );
  }
});

test('rows count until the last delivery before the date', () => {
  const day = '2024-06-15';
  const cases: readonly (readonly ['date' | 'timestamp', object | undefined, zone: string, bound: string])[] =
    [
      ['date', undefined, 'UTC', '2024-06-15'],
      ['date', undefined, 'Asia/Taipei', '2024-06-15'],
      ['date', { lag: '1d' }, 'UTC', '2024-06-14'],
      ['date', { lag: '1h' }, 'UTC', '2024-06-14'],
      ['date', { cut_off: '00:00' }, 'Asia/Taipei', '2024-06-16'],
      ['date', { cut_off: '05:00' }, 'UTC', '2024-06-15'],
      ['date', { cut_off: '22:00', lag: '3h' }, 'UTC', '2024-06-14'],
      ['timestamp', undefined, 'UTC', '2024-06-15T00:00:00Z'],
      ['timestamp', undefined, 'Asia/Taipei', '2024-06-14T16:00:00Z'],
      ['timestamp', { lag: '6h' }, 'UTC', '2024-06-14T18:00:00Z'],
      ['timestamp', { lag: '2d' }, 'Europe/Berlin', '2024-06-12T22:00:00Z'],
      ['timestamp', { cut_off: '22:00' }, 'UTC', '2024-06-14T22:00:00Z'],
      ['timestamp', { cut_off: '22:00', lag: '3h' }, 'UTC', '2024-06-13T22:00:00Z'],
    ];
  for (const [type, availability, zone, expected] of cases)
    assert.equal(
      bound(source(type, availability), day, zone),
      expected,
      JSON.stringify([type, availability, zone]),
    );
});

test('a label window counts once all its facts must be known', () => {
  const cases: readonly (readonly ['date' | 'timestamp', object | undefined, until: string])[] = [
    ['date', undefined, '2024-05-01'],
    ['date', { reported_within: '5d' }, '2024-04-26'],
    ['date', { cut_off: '00:00' }, '2024-05-01'],
    ['date', { lag: '1d', reported_within: '5d' }, '2024-04-25'],
    ['timestamp', { reported_within: '6h' }, '2024-04-30'],
    ['timestamp', { lag: '24h' }, '2024-04-30'],
  ];
  for (const [type, availability, until] of cases)
    assert.equal(
      knownInFullUntil(source(type, availability), { date: '2024-05-01', zone: 'UTC' }),
      until,
      JSON.stringify([type, availability]),
    );
});

test('no fact of a window that is known in full is still unknown', () => {
  fc.assert(
    fc.property(
      fc.record({
        type: fc.constantFrom('date', 'timestamp'),
        lag: fc.constantFrom(undefined, '1d', '6h', '30h'),
        cut_off: fc.constantFrom(undefined, '00:00', '05:00', '22:00'),
        within: fc.constantFrom(undefined, '5d', '7h', '1d'),
        zone: fc.constantFrom(...ZONES),
        asOf: fc.constantFrom(
          '2024-03-11',
          '2024-04-01',
          '2024-04-27',
          '2024-06-15',
          '2024-10-28',
          '2024-11-04',
        ),
        before: fc.integer({ min: 1, max: 200 }),
        late: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      ({ type, lag, cut_off, within, zone, asOf, before, late }) => {
        const availability = {
          ...(lag !== undefined && { lag }),
          ...(cut_off !== undefined && { cut_off }),
          ...(within !== undefined && { reported_within: within }),
        };
        const labels = source(type, Object.keys(availability).length > 0 ? availability : undefined);
        const until = knownInFullUntil(labels, { date: asOf, zone });
        const happened = instantOf(until, zone) - before * 450_000;
        const hours =
          within === undefined ? 0 : Number(within.slice(0, -1)) * (within.endsWith('d') ? 24 : 1);
        // The day of a change of clocks may be an hour shorter than 24.
        const reported =
          happened + late * Math.max(0, hours - (within?.endsWith('d') === true ? 1 : 0)) * HOUR_MS;
        const known = type === 'timestamp' ? reported : deliveredOn(reported, zone, cut_off);
        assert.ok(wasKnown(labels, known, { date: asOf, zone }));
      },
    ),
    { numRuns: 400 },
  );
});

/** The date under which a daily delivery brings what became known at an instant. */
function deliveredOn(known: number, zone: string, cutOff: string | undefined): string {
  const date = dateAt(new Date(known), zone);
  return cutOff !== undefined && instantOf(date, zone, cutOff) < known ? daysLater(date, 1) : date;
}
