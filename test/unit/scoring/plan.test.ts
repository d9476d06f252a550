import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { planShards } from '#scoring/plan.ts';

const parts = (rows: readonly number[]) =>
  rows.map((count, nth) => ({ key: `p${nth}.parquet`, size: count * 10, sha256: `${nth}`, rows: count }));

test('a shard takes the end of one part and the start of the next', () => {
  const shards = planShards(parts([5, 4]), 3);
  assert.deepEqual(
    shards.map(({ name, slices }) => [name, slices.map((s) => [s.key, s.first_row, s.rows])]),
    [
      ['part-00000-of-00003', [['p0.parquet', 0, 3]]],
      [
        'part-00001-of-00003',
        [
          ['p0.parquet', 3, 2],
          ['p1.parquet', 0, 1],
        ],
      ],
      ['part-00002-of-00003', [['p1.parquet', 1, 3]]],
    ],
  );
});

test('an empty partition has no shards, and an empty part adds none', () => {
  assert.deepEqual(planShards([], 10), []);
  assert.deepEqual(planShards(parts([0]), 10), []);
  assert.equal(planShards(parts([0, 3, 0]), 10).length, 1);
});

test('every row is in exactly one shard, and all shards but the last are full', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50), { maxLength: 12 }), fc.integer({ min: 1, max: 40 }), (rows, most) => {
      const shards = planShards(parts(rows), most);
      const seen = shards.flatMap(({ slices }) =>
        slices.flatMap((s) => Array.from({ length: s.rows }, (_, row) => `${s.key}:${s.first_row + row}`)),
      );
      const all = rows.flatMap((count, nth) =>
        Array.from({ length: count }, (_, row) => `p${nth}.parquet:${row}`),
      );
      assert.deepEqual(seen, all);
      for (const shard of shards.slice(0, -1)) assert.equal(shard.rows, most);
      assert.deepEqual(planShards(parts(rows), most), shards);
    }),
  );
});
