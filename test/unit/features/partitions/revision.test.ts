import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partKey } from '#features/partitions/part-files.ts';
import type { InputSnapshot } from '#features/partitions/partition.ts';
import { isStale, nextRevision } from '#features/partitions/revision.ts';

const input = (name: string, digest: string, kind: InputSnapshot['kind'] = 'source'): InputSnapshot => ({
  kind,
  name,
  digest,
  files: 1,
});

test('the next revision follows the greatest there is', () => {
  assert.equal(nextRevision([]), 1);
  assert.equal(nextRevision([{ revision: 2 }, { revision: 7 }, { revision: 1 }]), 8);
});

test('a partition is stale when any input differs, whatever their order', () => {
  const built = { inputs: [input('a', '1'), input('b', '2')] };
  assert.equal(isStale(built, [input('b', '2'), input('a', '1')]), false);
  assert.equal(isStale(built, [input('a', '1'), input('b', '3')]), true);
  assert.equal(isStale(built, [input('a', '1')]), true);
  assert.equal(isStale(built, [...built.inputs, input('c', '1')]), true);
  assert.equal(isStale(built, [input('a', '1', 'partition'), input('b', '2')]), true);
});

test('a part’s name tells when it was written, and no two attempts share one', () => {
  const ref = { feature_set: 's', definition_digest: 'd', dt: '2024-01-01', revision: 1 };
  const names = Array.from({ length: 100 }, () => partKey(ref, 0, 'run/../1', '2026-11-24T07:56:40.123Z'));
  assert.equal(new Set(names).size, 100);
  assert.match(
    names[0] ?? '',
    /^features\/s\/d\/dt=2024-01-01\/r1\/part-00000-20261124T075640Z-run----1-[0-9a-f]{8}\.parquet$/,
  );
});
