import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { hasCode } from '#errors/cause.ts';
import type { ModelConfig } from '#configs/model.ts';
import { failureOf, run, start } from '#test/support/runs.ts';
import { AUTHOR, newModel, putLake, trainInput } from '#test/support/world-models.ts';
import { skippingWorld } from '#test/support/world.ts';
import { workflowId } from '#workflows/contract/ids.ts';
import type { RegisteredVersion, RegisterInput, TrainingSummary } from '#workflows/contract/messages.ts';
import { forThisFile } from '#test/support/stores.ts';

const world = await forThisFile(skippingWorld(['lifecycle', 'waits', 'jobs', 'features']));
before(() => putLake(world));

const { registry } = world;

async function trained(model: ModelConfig, asOf?: string): Promise<RegisterInput & { readonly id: string }> {
  const input = await trainInput(world, model, asOf);
  const { manifest } = await run<TrainingSummary>(world, 'trainModel', input, workflowId.train(input.key));
  return {
    key: input.key,
    configs: input.configs,
    manifest,
    requested_by: 'ana',
    id: workflowId.register(input.key),
  };
}

const pairOf = ({ name, feature_set }: ModelConfig) => ({ model: name, feature_set });

test('a training becomes a version with its authors, a whole card and a dossier entry; twice is once', async () => {
  const model = await newModel(world);
  const { id, ...input } = await trained(model);
  const first = await run<RegisteredVersion>(world, 'registerModel', input, id);
  assert.deepEqual(first, { version: 1, card_missing: [] });
  assert.deepEqual(await run(world, 'registerModel', input, id), first);
  const version = await registry.version(pairOf(model), 1);
  assert.deepEqual(version.authors, ['ana', AUTHOR].toSorted());
  assert.equal(version.authors_since, null);
  assert.equal(version.registered_by.workflow_id, id);
  assert.ok((version.build.seconds ?? 0) > 0, 'the duration of the job is recorded');
  const { items } = await registry.dossier(pairOf(model));
  assert.deepEqual(
    items.map(({ kind }) => kind),
    ['version_registered'],
  );
});

test('trainings of one pair that register at once get dense numbers', async () => {
  const model = await newModel(world);
  const inputs = [await trained(model, '2024-05-01'), await trained(model, '2024-04-01')];
  const versions = await Promise.all(
    inputs.map(({ id, ...input }) => run<RegisteredVersion>(world, 'registerModel', input, id)),
  );
  assert.deepEqual(
    versions.map(({ version }) => version).toSorted((a, b) => a - b),
    [1, 2],
  );
});

test('an artifact whose bytes changed after the training is refused, and there is no version', async () => {
  const model = await newModel(world);
  const { id, ...input } = await trained(model);
  const { artifacts } = await world.trainings.read(input.manifest);
  const onnx = artifacts.find(({ name }) => name === 'model.onnx');
  await world.objects.put(onnx?.key ?? '', 'something else');
  const failure = await failureOf(start(world, 'registerModel', input, id));
  assert.equal(failure.type, 'ARTIFACT_DIGEST_MISMATCH');
  await assert.rejects(registry.state(pairOf(model)), (error) => hasCode(error, 'PAIR_NOT_FOUND'));
});
