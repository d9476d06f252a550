import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partKey } from '#features/engines/part-key.ts';

test('a part’s name tells when it was written, and no two attempts share one', () => {
  const prefix = 'features/s/d/dt=2024-01-01/r1/';
  const names = Array.from({ length: 100 }, () => partKey(prefix, 0, 'run/../1', '2026-11-24T07:56:40.123Z'));
  assert.equal(new Set(names).size, 100);
  assert.match(
    names[0] ?? '',
    /^features\/s\/d\/dt=2024-01-01\/r1\/part-00000-20261124T075640Z-run----1-[0-9a-f]{8}\.parquet$/,
  );
});
