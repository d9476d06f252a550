import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pair } from '#configs/pair.ts';
import { cachedVersions } from '#registry/versions/version-cache.ts';
import type { Version } from '#registry/versions/version.ts';

const PAIR: Pair = { model: 'risk', feature_set: 'behaviour' };

function countedReads() {
  const reads: string[] = [];
  const read = async ({ model, feature_set }: Pair, version: number) => {
    reads.push(`${model}/${feature_set}/${version}`);
    if (version === 0) throw new Error('no such version');
    return { model, feature_set, version } as Version;
  };
  return { reads, versions: cachedVersions(read) };
}

test('reads the item of a version once', async () => {
  const { reads, versions } = countedReads();
  for (let asked = 0; asked < 3; asked += 1) assert.equal((await versions(PAIR, 7)).version, 7);
  await versions({ ...PAIR, model: 'other' }, 7);
  assert.deepEqual(reads, ['risk/behaviour/7', 'other/behaviour/7']);
});

test('reads a version again that was not there before', async () => {
  const { reads, versions } = countedReads();
  await assert.rejects(versions(PAIR, 0), /no such version/);
  await assert.rejects(versions(PAIR, 0), /no such version/);
  assert.equal(reads.length, 2);
});

test('keeps a thousand versions and forgets the one that was used least recently', async () => {
  const { reads, versions } = countedReads();
  for (let version = 1; version <= 1_000; version += 1) await versions(PAIR, version);
  await versions(PAIR, 1);
  await versions(PAIR, 1_001);
  reads.length = 0;
  await versions(PAIR, 1);
  await versions(PAIR, 2);
  assert.deepEqual(reads, ['risk/behaviour/2']);
});
