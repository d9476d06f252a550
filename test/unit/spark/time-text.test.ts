import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dateText, timestampText } from '#test/spark/time-text.ts';

describe('dates and timestamps as Spark writes them', () => {
  for (const [days, text] of [
    [0, '1970-01-01'],
    [-1, '1969-12-31'],
    [19_782, '2024-02-29'],
    [-719_162, '0001-01-01'],
    [-719_528, '0000-01-01'],
    [-719_529, '-0001-12-31'],
    [2_932_896, '9999-12-31'],
    [2_932_897, '+10000-01-01'],
    [146_097_000, '+401970-01-01'],
  ] as const) {
    it(`writes ${text}`, () => assert.equal(dateText(days), text));
  }

  for (const [micros, text] of [
    [0n, '1970-01-01 00:00:00'],
    [-1n, '1969-12-31 23:59:59.999999'],
    [100_000n, '1970-01-01 00:00:00.1'],
    [1_709_210_096_123_456n, '2024-02-29 12:34:56.123456'],
    [253_402_300_799_999_999n, '9999-12-31 23:59:59.999999'],
  ] as const) {
    it(`writes ${text}`, () => assert.equal(timestampText(micros), text));
  }
});
