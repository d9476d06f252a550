import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addDays } from '#features/calendar.ts';
import { MOST_EVENT_BYTES } from '#test/support/history-size.ts';
import { defaultModel } from '#test/support/feature-configs.ts';
import { UPLOAD_LIMITS } from '#training/upload.ts';
import type { BackfillInput, ImportInput } from '#workflows/contract/messages.ts';

const NAME = 'n'.repeat(63);
const SHA256 = 'a'.repeat(64);
const DIGEST = 'd'.repeat(32);
const MOST_PARTITIONS = 120;
const pair = { model: NAME, feature_set: NAME };
const bytesOf = (input: unknown): number => Buffer.byteLength(JSON.stringify(input));

test('the input of the largest training and its activities stays below 64 KB', () => {
  assert.equal(defaultModel({ window: MOST_PARTITIONS }).label.window, MOST_PARTITIONS);
  assert.throws(() => defaultModel({ window: MOST_PARTITIONS + 1 }), /label/);
  const key = { ...pair, training_digest: DIGEST, as_of: '2026-01-01' };
  const file = { name: 'f'.repeat(100), size: UPLOAD_LIMITS.bytes, sha256: SHA256 };
  const files = Array.from({ length: UPLOAD_LIMITS.files }, () => file);
  const input: ImportInput = {
    key,
    configs: DIGEST,
    partitions: Array.from({ length: MOST_PARTITIONS }, (_, day) => ({
      feature_set: NAME,
      definition_digest: DIGEST,
      dt: addDays('2025-01-01', day),
      revision: 1_000,
    })),
    parts: {
      model: DIGEST,
      features: DIGEST,
      monotonic: DIGEST,
      partitions: DIGEST,
      label_source: DIGEST,
      label_data: DIGEST,
      fairness_source: DIGEST,
      fairness_data: DIGEST,
      trainer: SHA256,
      lockfile: SHA256,
    },
    refresh: Array.from({ length: MOST_PARTITIONS }, (_, day) => addDays('2025-01-01', day)),
    requested_by: 'p'.repeat(127),
    upload: { upload: DIGEST, files, created_by: 'p'.repeat(127) },
    notes: '漢'.repeat(2_000),
  };
  const copies = files.map((one) => ({ ...one, key: 'k'.repeat(500) }));
  const activity = bytesOf({ ...input, files: copies, frame: { key: 'k'.repeat(500) } });
  assert.ok(activity < MOST_EVENT_BYTES, `${activity} bytes`);
});

test('the input of a backfill is the same for ten years as for a day', () => {
  const backfill = (from: string, to: string): BackfillInput => ({
    pair,
    version: 1,
    configs: DIGEST,
    from,
    to,
    done: 0,
    failed: { count: 0, first: null, dates: [] },
  });
  assert.equal(bytesOf(backfill('2016-01-01', '2025-12-31')), bytesOf(backfill('2025-12-31', '2025-12-31')));
});
