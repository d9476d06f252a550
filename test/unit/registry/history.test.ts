import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { intervalAt, rollbackCandidates, type LiveInterval } from '#registry/deployments/history.ts';
import { laterThan, utcInstant } from '#registry/instant.ts';

function interval(
  deployment: number,
  version: number,
  from: number,
  until: number | null,
  ended_by: LiveInterval['ended_by'] = 'replaced',
): LiveInterval {
  const times = { live_from: new Date(from).toISOString(), live_until: null };
  if (until === null) return { deployment, version, ...times };
  return { deployment, version, ...times, live_until: new Date(until).toISOString(), ended_by };
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
});

describe('the versions that a rollback leads to by itself', () => {
  const cases: readonly (readonly [string, readonly LiveInterval[], readonly number[]])[] = [
    ['are none of a pair that was never live', [], []],
    ['are none beside the only version', [interval(1, 1, 0, null)], []],
    ['are none beside new terms of the only version', [interval(1, 1, 0, 5), interval(2, 1, 5, null)], []],
    ['are none while nothing is live', [interval(1, 1, 0, 5), interval(2, 2, 5, 9, 'archived')], []],
    ['start with the one before', [interval(1, 1, 0, 5), interval(2, 2, 5, null)], [1]],
    [
      'go back in time, each version once',
      [interval(1, 1, 0, 2), interval(2, 2, 2, 4), interval(3, 1, 4, 6), interval(4, 3, 6, null)],
      [1, 2],
    ],
    [
      'leave out one that was archived out of live',
      [interval(1, 1, 0, 2), interval(2, 2, 2, 4, 'archived'), interval(3, 3, 6, null)],
      [1],
    ],
    [
      'leave out one that a rollback left',
      [interval(1, 1, 0, 2), interval(2, 2, 2, 4, 'rolled_back'), interval(3, 1, 4, null)],
      [],
    ],
    [
      'hold one again that went live after it was taken out, and was replaced',
      [interval(1, 1, 0, 2, 'archived'), interval(2, 1, 3, 4), interval(3, 2, 4, null)],
      [1],
    ],
  ];
  for (const [name, intervals, versions] of cases)
    it(name, () => assert.deepEqual(rollbackCandidates(intervals), versions));
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
