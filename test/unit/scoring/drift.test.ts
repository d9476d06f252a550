import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { measureDrift, populationStabilityIndex } from '#scoring/drift.ts';
import { edgesBelow } from '#scoring/bins.ts';
import { mergeTallies, startTally } from '#scoring/tally.ts';
import { signatureOf } from '#test/support/onnx-models.ts';

const THRESHOLDS = { psi_warn: 0.1, psi_alert: 0.25 };
const shares = fc
  .array(fc.integer({ min: 1, max: 1000 }), { minLength: 2, maxLength: 12 })
  .map((weights) => ({ weights, shares: weights.map((w) => w / weights.reduce((a, b) => a + b, 0)) }));

test('the index of a worked example', () => {
  // (0.3-0.2)*ln(0.3/0.2) + (0.5-0.5)*ln(1) + (0.2-0.3)*ln(0.2/0.3)
  assert.ok(Math.abs(populationStabilityIndex([0.2, 0.5, 0.3], [30, 50, 20]) - 0.0810930216) < 1e-9);
});

test('the training sample itself does not drift', () => {
  fc.assert(fc.property(shares, (s) => populationStabilityIndex(s.shares, s.weights) < 1e-9));
});

test('the index is finite, never negative, and the same when the samples are swapped', () => {
  const pair = fc.integer({ min: 2, max: 10 }).chain((bins) => {
    const counts = fc
      .array(fc.nat(100), { minLength: bins, maxLength: bins })
      .filter((c) => c.some((n) => n > 0));
    return fc.tuple(counts, counts);
  });
  const asShares = (counts: readonly number[]) => {
    const total = counts.reduce((a, b) => a + b, 0);
    return counts.map((c) => c / total);
  };
  fc.assert(
    fc.property(pair, ([a, b]) => {
      const there = populationStabilityIndex(asShares(a), b);
      const back = populationStabilityIndex(asShares(b), a);
      assert.ok(Number.isFinite(there) && there >= 0);
      assert.ok(Math.abs(there - back) < 1e-9);
    }),
  );
});

test('an emptied bin and a bin that training never saw raise the index without making it infinite', () => {
  const emptied = populationStabilityIndex([0.5, 0.5], [100, 0]);
  const unseen = populationStabilityIndex([1, 0], [50, 50]);
  assert.ok(emptied > 1 && Number.isFinite(emptied));
  assert.ok(unseen > 1 && Number.isFinite(unseen));
});

test('no rows, no drift', () => {
  assert.equal(populationStabilityIndex([0.5, 0.5], [0, 0]), 0);
});

test('a value on an edge belongs to the bin that ends there', () => {
  assert.deepEqual(
    [-1, 0, 0.5, 1, 7].map((x) => edgesBelow([0, 1], x)),
    [0, 0, 1, 1, 2],
  );
});

test('missing values, infinities, unseen strings and the score have bins of their own', () => {
  const signature = signatureOf([
    { name: 'x', type: 'double', baseline: 0 },
    { name: 'town', type: 'string', baseline: 'ulm' },
  ]);
  const tally = startTally(signature);
  tally.add(
    {
      rows: 5,
      numeric: Float32Array.of(-1, 0, 1, Number.NaN, -Infinity),
      categorical: ['ulm', 'bonn', '', 'ulm', 'ulm'],
    },
    Float32Array.of(0.1, 0.5, 0.9, 0.2, 0.3),
  );
  assert.deepEqual(tally.result(), {
    features: [
      [2, 1, 2],
      [3, 1, 1],
    ],
    score: [4, 1, 0],
  });
});

test('shards counted apart give the same drift as one', () => {
  const signature = signatureOf([{ name: 'x', type: 'double', baseline: 0 }]);
  const part = (values: readonly number[]) => {
    const tally = startTally(signature);
    const probabilities = Float32Array.from(values, (v) => (v > 0 ? 0.9 : 0.1));
    tally.add({ rows: values.length, numeric: Float32Array.from(values), categorical: [] }, probabilities);
    return tally.result();
  };
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -3, max: 3 })),
      fc.array(fc.integer({ min: -3, max: 3 })),
      (a, b) => {
        assert.deepEqual(mergeTallies(part(a), part(b)), part([...a, ...b]));
      },
    ),
  );
});

test('levels follow the thresholds, and the score comes last', () => {
  const signature = signatureOf([{ name: 'x', type: 'double', baseline: 0 }]);
  const drift = measureDrift(signature, { features: [[50, 50, 0]], score: [95, 5, 0] }, THRESHOLDS);
  assert.deepEqual(
    drift.map(({ name, level }) => [name, level]),
    [
      ['x', 'ok'],
      ['(score)', 'alert'],
    ],
  );
  const [warned] = measureDrift(signature, { features: [[67, 33, 0]], score: [50, 50, 0] }, THRESHOLDS);
  assert.equal(warned?.level, 'warn');
});
