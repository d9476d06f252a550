import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { openOnnxEngine } from '#scoring/onnx-engine.ts';
import { reasonCodes } from '#scoring/reason-codes.ts';
import type { ScoringEngine } from '#scoring/scoring-engine.ts';
import { linearOnnx, signatureOf } from '#test/support/onnx-models.ts';

const coefficients = [0.8, -0.5, 0.25, 0, -0.1, 0.4];
const baselines = [0.2, 1.5, -1, 0, 3, 0.5];
const names = coefficients.map((_, nth) => `f${nth}`);
const signature = signatureOf(
  names.map((name, nth) => ({ name, type: 'double' as const, baseline: baselines[nth] ?? 0 })),
);
const onnx = linearOnnx({ bias: 0.1, numeric: coefficients.map((weight) => ({ weight })) });

test('on a linear model the reasons are ranked by coefficient times distance from the baseline', async () => {
  await using engine = await openOnnxEngine(onnx, signature, { where: 'test' });
  const row = fc.array(
    fc.integer({ min: -20, max: 20 }).map((n) => n / 8),
    { minLength: 6, maxLength: 6 },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 30 }), async (rows) => {
      const batch = { rows: rows.length, numeric: Float32Array.from(rows.flat()), categorical: [] };
      const probabilities = await engine.probabilities(batch);
      const all = rows.map((_, nth) => nth);
      const reasons = await reasonCodes(engine, signature, batch, probabilities, all);
      for (const [nth, values] of rows.entries()) {
        const terms = names
          .map((name, f) => ({
            name,
            term: (coefficients[f] ?? 0) * ((values[f] ?? 0) - (baselines[f] ?? 0)),
          }))
          .filter(({ term }) => term > 1e-4)
          .sort((a, b) => b.term - a.term);
        const termOf = new Map(terms.map(({ name, term }) => [name, term]));
        const given = reasons[nth] ?? [];
        assert.equal(given.length, Math.min(4, terms.length));
        // Equal terms may come in either order; the terms themselves may not.
        for (const [place, name] of given.entries()) {
          assert.ok(Math.abs((termOf.get(name) ?? Number.NaN) - (terms[place]?.term ?? 0)) < 1e-5);
        }
      }
    }),
    { numRuns: 40 },
  );
});

test('missing values and strings are put at their baselines, too', async () => {
  const mixed = signatureOf([
    { name: 'income', type: 'double', baseline: 2 },
    { name: 'town', type: 'string', baseline: 'ulm' },
    { name: 'debt', type: 'double', baseline: null },
  ]);
  const model = linearOnnx({
    bias: 0,
    numeric: [{ weight: -1, whenMissing: -3 }, { weight: 1 }],
    categorical: { columns: 1, points: { ulm: 0, bonn: 2 } },
  });
  await using engine = await openOnnxEngine(model, mixed, { where: 'test' });
  const batch = {
    rows: 2,
    numeric: Float32Array.of(Number.NaN, 1, 2, Number.NaN),
    categorical: ['bonn', 'ulm'],
  };
  const probabilities = await engine.probabilities(batch);
  assert.deepEqual(await reasonCodes(engine, mixed, batch, probabilities, [0, 1]), [
    ['income', 'town', 'debt'],
    [],
  ]);
});

test('a row at its baselines costs no call and has no reasons', async () => {
  let calls = 0;
  const engine: ScoringEngine = {
    probabilities: async (batch) => {
      calls += 1;
      return new Float32Array(batch.rows);
    },
    [Symbol.asyncDispose]: async () => {},
  };
  const batch = { rows: 1, numeric: Float32Array.from(baselines), categorical: [] };
  assert.deepEqual(await reasonCodes(engine, signature, batch, Float32Array.of(0.9), [0]), [[]]);
  assert.equal(calls, 0);
});

test('more substitutions than one call holds give the same reasons as few', async () => {
  await using engine = await openOnnxEngine(onnx, signature, { where: 'test' });
  const rows = 3000;
  const numeric = Float32Array.from({ length: rows * 6 }, (_, at) => Math.sin(at));
  const batch = { rows, numeric, categorical: [] };
  const probabilities = await engine.probabilities(batch);
  const together = await reasonCodes(
    engine,
    signature,
    batch,
    probabilities,
    Array.from({ length: rows }, (_, n) => n),
  );
  const alone = await reasonCodes(engine, signature, batch, probabilities, [2999]);
  assert.deepEqual(together[2999], alone[0]);
});
