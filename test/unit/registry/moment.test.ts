import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { momentOf } from '#registry/moment.ts';

const NOW = new Date('2026-02-01T00:00:00.000Z');
const EARLIER = '2026-01-31T00:00:00.000Z';
const LATER = '2026-02-01T00:00:05.000Z';

describe('the moment of a commit round', () => {
  const cases: readonly (readonly [string, string | null, string | undefined, string])[] = [
    ['is the clock of a pair that was never live', null, undefined, NOW.toISOString()],
    ['is the clock after an earlier boundary and answer', EARLIER, EARLIER, NOW.toISOString()],
    ['is after the last boundary when the clock is behind it', LATER, undefined, '2026-02-01T00:00:05.001Z'],
    ['is after the last answer when the clock is behind it', EARLIER, LATER, '2026-02-01T00:00:05.001Z'],
    ['is after an answer for this very instant', null, NOW.toISOString(), '2026-02-01T00:00:00.001Z'],
  ];
  for (const [name, last_boundary, answered_until, boundary] of cases) {
    it(name, () => {
      const moment = momentOf(NOW, { last_boundary, answered_until }, 0);
      assert.deepEqual(moment, { at: NOW.toISOString(), boundary });
    });
  }

  it('moves further ahead of the clock each time a reader overtakes it, up to two seconds', () => {
    const leads = [0, 1, 2, 5, 50].map((overtaken) => {
      const { boundary } = momentOf(NOW, { last_boundary: null, answered_until: undefined }, overtaken);
      return Date.parse(boundary) - NOW.getTime();
    });
    assert.deepEqual(leads, [0, 40, 80, 640, 2_000]);
  });

  it('is never before the clock, and always after the last boundary and the last answer', () => {
    const instant = fc
      .integer({ min: -10_000, max: 10_000 })
      .map((ms) => new Date(NOW.getTime() + ms).toISOString());
    fc.assert(
      fc.property(
        fc.option(instant),
        fc.option(instant),
        fc.nat(10),
        (last_boundary, answered, overtaken) => {
          const answered_until = answered ?? undefined;
          const { at, boundary } = momentOf(NOW, { last_boundary, answered_until }, overtaken);
          assert.ok(boundary >= at);
          assert.ok(boundary > (last_boundary ?? '') && boundary > (answered_until ?? ''));
        },
      ),
    );
  });
});
