import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MillraceError } from '#errors/millrace-error.ts';
import { trainingDigest, type TrainingInputs, trainingParts } from '#training/digest.ts';
import { requireSameInputs } from '#training/same-inputs.ts';
import { trainingDefinitions } from '#training/definitions.ts';
import { configsOf, defaultModel, featureSet } from '#test/support/feature-configs.ts';

const configs = configsOf(featureSet());
const otherSource = (name: string) => {
  const source = configs.sources.get(name);
  assert.ok(source !== undefined);
  const sources = new Map(configs.sources).set(name, { ...source, location: 'raw/elsewhere/' });
  return trainingDefinitions(defaultModel(), featureSet(), { ...configs, sources });
};
const decreasing = featureSet();
for (const feature of Object.values(decreasing.features)) feature.monotonic = 'decreasing';

const PARTITION = { feature_set: 'behaviour', definition_digest: 'a', dt: '2024-01-01', revision: 1 };
const inputs: TrainingInputs = {
  model: defaultModel(),
  definitions: trainingDefinitions(defaultModel(), featureSet(), configs),
  data: { label: 'labels one', fairness: 'sexes one' },
  definition_digest: 'a',
  partitions: [PARTITION],
  trainer_digest: 'trainer one',
  lock_digest: 'lock one',
};
const key = { model: 'risk', training_digest: trainingDigest(inputs) };
const expected = { key, parts: trainingParts(inputs) };

const others: readonly (readonly [string, Partial<TrainingInputs>])[] = [
  ['model', { model: defaultModel(undefined, { seed: 99 }) }],
  ['features', { definition_digest: 'b' }],
  ['partitions', { partitions: [{ ...PARTITION, revision: 2 }] }],
  ['monotonic', { definitions: trainingDefinitions(defaultModel(), decreasing, configs) }],
  ['label_source', { definitions: otherSource('defaults') }],
  ['label_data', { data: { label: 'labels two', fairness: 'sexes one' } }],
  ['fairness_source', { definitions: otherSource('accounts') }],
  ['fairness_data', { data: { label: 'labels one', fairness: 'sexes two' } }],
  ['trainer', { trainer_digest: 'trainer two' }],
  ['lockfile', { lock_digest: 'lock two' }],
];

test('accepts the inputs that the digest names', () => {
  requireSameInputs(expected, { ...inputs });
});

for (const [part, change] of others) {
  test(`rejects other inputs and names the part that differs: ${part}`, () => {
    assert.throws(
      () => requireSameInputs(expected, { ...inputs, ...change }),
      (error: unknown) => {
        assert.ok(error instanceof MillraceError);
        assert.equal(error.code, 'TRAINING_INPUTS_DIFFER');
        const { differs } = error.details as { differs: readonly { part: string }[] };
        assert.deepEqual(
          differs.map((one) => one.part),
          [part],
        );
        assert.ok(error.message.includes(`: ${part} (requested `), error.message);
        return true;
      },
    );
  });
}

test('has another digest when other values of the label mean 1, in whatever order they are listed', () => {
  const digests = [undefined, 'bad', ['bad'], ['bad', 'lost'], ['lost', 'bad']].map((positive) =>
    trainingDigest({ ...inputs, model: defaultModel({ column: 'status', positive }) }),
  );
  assert.deepEqual(
    digests.map((digest) => digests.indexOf(digest)),
    [0, 1, 1, 3, 3],
  );
});

test('has another digest for other bands of a fairness attribute', () => {
  const digests = ['credit', { column: 'credit', bands: [1, 2] }, { column: 'credit', bands: [1, 3] }].map(
    (one) =>
      trainingDigest({
        ...inputs,
        model: defaultModel({}, { fairness: { source: 'accounts', attributes: [one] } }),
      }),
  );
  assert.equal(new Set(digests).size, 3);
});

test('rejects other inputs than a digest without parts, and cannot say which', () => {
  assert.throws(
    () => requireSameInputs({ key }, { ...inputs, lock_digest: 'lock two' }),
    /: unknown which\.$/,
  );
});
