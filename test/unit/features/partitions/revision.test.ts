import assert from 'node:assert/strict';
import { test } from 'node:test';
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
