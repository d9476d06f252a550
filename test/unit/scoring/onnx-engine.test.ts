import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openOnnxEngine } from '#scoring/onnx-engine.ts';
import { linearOnnx, signatureOf } from '#test/support/onnx-models.ts';

const two = signatureOf([
  { name: 'a', type: 'double', baseline: 0 },
  { name: 'b', type: 'bigint', baseline: 0 },
]);
const code = (code: string) => ({ name: 'MillraceError', code });

test('probabilities are those of the model, in the order of the rows', async () => {
  await using engine = await openOnnxEngine(
    linearOnnx({ bias: 1, numeric: [{ weight: 2 }, { weight: -1 }] }),
    two,
    { where: 'test' },
  );
  const numeric = Float32Array.of(0.5, 1, -3, 2, 0, 0);
  const found = await engine.probabilities({ rows: 3, numeric, categorical: [] });
  const expected = [1, -7, 1].map((logit) => 1 / (1 + Math.exp(-logit)));
  expected.forEach((p, row) => assert.ok(Math.abs((found[row] ?? 0) - p) < 1e-6));
});

test('a file that is no model is refused', async () => {
  await assert.rejects(
    openOnnxEngine(Buffer.from('rubbish'), two, { where: 'test' }),
    code('MODEL_UNREADABLE'),
  );
});

test('a model with other inputs than the signature is refused', async () => {
  const narrow = linearOnnx({ bias: 0, numeric: [{ weight: 1 }] });
  await assert.rejects(openOnnxEngine(narrow, two, { where: 'test' }), code('MODEL_UNREADABLE'));
  const strings = linearOnnx({
    bias: 0,
    numeric: [{ weight: 1 }, { weight: 1 }],
    categorical: { columns: 1, points: { x: 1 } },
  });
  await assert.rejects(openOnnxEngine(strings, two, { where: 'test' }), code('MODEL_UNREADABLE'));
});

test('an answer that is no probability is refused', async () => {
  await using engine = await openOnnxEngine(
    linearOnnx({ bias: Number.NaN, numeric: [{ weight: 1 }, { weight: 1 }] }),
    two,
    { where: 'test' },
  );
  await assert.rejects(
    engine.probabilities({ rows: 1, numeric: Float32Array.of(1, 1), categorical: [] }),
    code('MODEL_OUTPUT_INVALID'),
  );
});
