import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { duePartitions, dueShard, listingPartitions, listingShard } from '#registry/shards.ts';

const pairs = Array.from({ length: 3_200 }, (_, n) => ({
  model: `model_${n % 800}`,
  feature_set: `set_${n}`,
}));

function counts(shards: readonly string[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const shard of shards) found.set(shard, (found.get(shard) ?? 0) + 1);
  return found;
}

describe('shards of the registry indexes', () => {
  it('spread due pairs evenly over at least sixteen partitions', () => {
    const found = counts(pairs.map(dueShard));
    assert.deepEqual(
      [...found.keys()].toSorted().map((shard) => `registry#due#${shard}`),
      duePartitions(),
    );
    assert.ok(duePartitions().length >= 16);
    assert.ok([...found.values()].every((count) => count > 140 && count < 260));
  });

  it('keep the listings of a model in one partition, and spread models', () => {
    const found = counts(pairs.map(listingShard));
    assert.equal(found.size, listingPartitions('pair').length);
    assert.deepEqual(listingPartitions('stage#live', 'model_1'), [
      `registry#stage#live#${listingShard({ model: 'model_1' })}`,
    ]);
  });

  it('stay the same from release to release, because they are part of stored keys', () => {
    const pair = { model: 'default_risk', feature_set: 'repayment_behaviour' };
    assert.deepEqual([dueShard(pair), listingShard(pair)], ['14', '07']);
  });
});
