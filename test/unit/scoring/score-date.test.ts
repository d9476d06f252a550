import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scoreDateIn } from '#scoring/score-date.ts';

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
    assert.equal(scoreDateIn(instant, zone), date, `${instant} in ${zone}`);
});
