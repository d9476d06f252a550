import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { intervalAt, rollbackTarget, type LiveInterval } from '#registry/history.ts';
import { laterThan, utcInstant } from '#registry/instant.ts';

function interval(deployment: number, version: number, from: number, until: number | null): LiveInterval {
  return {
    deployment,
    version,
    live_from: new Date(from).toISOString(),
    live_until: until === null ? null : new Date(until).toISOString(),
  };
}

describe('the version that was live', () => {
  const intervals = [interval(1, 1, 1_000, 2_000), interval(2, 2, 2_000, 3_000), interval(3, 1, 5_000, null)];

  it('at a boundary is the new one, and none before the first, in a gap', () => {
    const at = (ms: number): number | undefined => intervalAt(intervals, new Date(ms).toISOString())?.version;
    assert.deepEqual([999, 1_000, 1_999, 2_000, 2_999, 3_000, 4_999, 5_000, 9_999_999].map(at), [
      undefined,
      1,
      1,
      2,
      2,
      undefined,
      undefined,
      1,
      1,
    ]);
  });

  it('to go back to is the last other one', () => {
    assert.equal(rollbackTarget([]), undefined);
    assert.equal(rollbackTarget([interval(1, 1, 0, null)]), undefined);
    assert.equal(rollbackTarget([interval(1, 1, 0, 5)]), 1);
    assert.equal(rollbackTarget(intervals), 2);
    assert.equal(rollbackTarget([interval(1, 1, 0, 5), interval(2, 1, 5, null)]), undefined);
  });
});

describe('instants', () => {
  it('take one form in UTC, so that they sort as text', () => {
    assert.equal(utcInstant('2026-01-01T01:00:00+01:00'), '2026-01-01T00:00:00.000Z');
    assert.equal(utcInstant('2026-01-01T00:00:00.5Z'), '2026-01-01T00:00:00.500Z');
    for (const text of ['2026-01-01', '2026-01-01T00:00:00', 'now', '2026-13-01T00:00:00Z']) {
      assert.throws(() => utcInstant(text), { code: 'INSTANT_INVALID' });
    }
  });

  it('of two boundaries never fall together', () => {
    assert.equal(laterThan(null, utcInstant('2026-01-01T00:00:00Z')), '2026-01-01T00:00:00.000Z');
    assert.equal(
      laterThan('2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z'),
      '2026-01-01T00:00:00.001Z',
    );
    assert.equal(
      laterThan('2026-01-02T00:00:00.000Z', '2026-01-01T00:00:00.000Z'),
      '2026-01-02T00:00:00.001Z',
    );
  });
});
