import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { laterThan, millisecondBefore, utcInstant } from '#registry/instant.ts';

describe('instants', () => {
  it('take one form in UTC, so that they sort as text', () => {
    assert.equal(utcInstant('2026-01-01T01:00:00+01:00'), '2026-01-01T00:00:00.000Z');
    assert.equal(utcInstant('2026-01-01T00:00:00.5Z'), '2026-01-01T00:00:00.500Z');
    for (const text of [
      '2026-01-01',
      '2026-01-01T00:00:00',
      'now',
      '2026-13-01T00:00:00Z',
      '2026-02-30T00:00:00Z',
      '9999-12-31T23:00:00-02:00',
    ]) {
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

  it('have one that is the last before them', () => {
    assert.equal(millisecondBefore('2026-01-01T00:00:00.000Z'), '2025-12-31T23:59:59.999Z');
  });
});
