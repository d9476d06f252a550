import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, test } from 'node:test';
import type { ModelConfig } from '#configs/model.ts';
import { readCard } from '#registry/cards/card-store.ts';
import { importInput } from '#test/support/imports.ts';
import { readParquet } from '#test/support/parquet.ts';
import { approval } from '#test/support/registry.ts';
import { failureOf, run, start, until } from '#test/support/runs.ts';
import { REFUSED } from '#test/support/small-trainer.ts';
import { forThisFile } from '#test/support/stores.ts';
import { AUTHOR, newModel, putLake, registered } from '#test/support/world-models.ts';
import { skippingWorld } from '#test/support/world.ts';
import { trainingId } from '#training/digest.ts';
import { trainingPrefix } from '#training/record.ts';
import { workflowId } from '#workflows/contract/ids.ts';
import type { ImportInput, RegisteredVersion } from '#workflows/contract/messages.ts';

const world = await forThisFile(skippingWorld());
before(() => putLake(world));

const { objects, registry } = world;
const UNKNOWN = { not_measurable: 'because it is unknown: the model was trained outside the platform' };

const pairOf = ({ name, feature_set }: ModelConfig) => ({ model: name, feature_set });
const importing = (input: ImportInput) =>
  run<RegisteredVersion>(world, 'importModel', input, workflowId.import(input.key));

/** The file of a committed training, as somebody could bring it from elsewhere. */
async function trainedFile(model: ModelConfig): Promise<Buffer> {
  const { artifacts } = await registry.version(await registered(world, model), 1);
  const file = artifacts.find(({ name }) => name === 'model.onnx');
  assert.ok(file);
  return objects.get(file.key);
}

async function refusedBecause(input: ImportInput, code: string): Promise<void> {
  const failure = await failureOf(start(world, 'importModel', input, workflowId.import(input.key)));
  assert.equal(failure.type, code, failure.message);
  assert.equal(await world.trainings.find(input.key), undefined);
  await assert.rejects(registry.state(input.key), { code: 'PAIR_NOT_FOUND' });
}

test('an uploaded model becomes a version whose origin is a failed gate and whose making is unknown', async () => {
  const model = await newModel(world);
  const notes = Buffer.from('how it was validated');
  const { input } = await importInput(world, model, Buffer.from('a model'), { 'validation.txt': notes });
  assert.deepEqual(await importing(input), { version: 1, card_missing: [] });
  const version = await registry.version(pairOf(model), 1);
  assert.deepEqual(version.gates.at(-1), { gate: 'provenance', value: null, passed: false });
  assert.deepEqual(version.origin, {
    upload: input.upload.upload,
    uploaded_by: 'uma',
    notes: 'Model 4.2 of a vendor',
  });
  assert.deepEqual(version.authors, [AUTHOR, 'ria', 'uma'].toSorted());
  const attached = version.artifacts.find(({ name }) => name === 'validation.txt');
  assert.deepEqual(await objects.get(attached?.key ?? ''), notes);
  const card = await readCard(objects, { key: version.card_key, sha256: version.card_sha256 });
  for (const name of ['seed', 'algorithm', 'hyperparameters', 'packages', 'code_commit'] as const)
    assert.deepEqual(card.build[name], UNKNOWN, name);
  assert.deepEqual(card.data.rows.train, UNKNOWN);
  assert.deepEqual(card.identity.developer, UNKNOWN);
  assert.equal(card.build.origin?.uploaded_by, 'uma');
});

test('nobody who uploaded or requested it approves it, and its origin needs a waiver', async () => {
  const model = await newModel(world);
  const { input } = await importInput(world, model, Buffer.from('a model'));
  await importing(input);
  const asked = await approval(registry, pairOf(model), 1);
  const waivers = [{ gate: 'provenance', reason: 'The vendor was audited.' }];
  await assert.rejects(registry.judge(asked), { code: 'GATE_NOT_WAIVED' });
  for (const principal of ['uma', 'ria'])
    await assert.rejects(registry.judge({ ...asked, principal, waivers, commandId: principal }), {
      code: 'APPROVER_IS_AUTHOR',
    });
  const { stage } = await registry.judge({ ...asked, waivers, commandId: 'waived' });
  assert.equal(stage, 'approved');
});

test('the same files twice are one version, also after the upload is gone', async () => {
  const model = await newModel(world);
  const { input, sent } = await importInput(world, model, Buffer.from('a model'));
  const first = await importing(input);
  await objects.remove([sent]);
  assert.deepEqual(await importing(input), first);
  const again = await importInput(world, model, Buffer.from('a model'));
  assert.deepEqual(again.input.key, input.key);
  assert.deepEqual(await importing(again.input), first);
  const other = await importInput(world, model, Buffer.from('another model'));
  assert.notDeepEqual(other.input.key, input.key);
  assert.equal((await importing(other.input)).version, 2);
});

test('resumes an import that ended in the middle, as one version', async () => {
  const model = await newModel(world);
  const { input } = await importInput(world, model, Buffer.from('a model'));
  const id = workflowId.import(input.key);
  const copy = `${trainingPrefix(input.key, trainingId(input.key))}imported/model.onnx`;
  const cut = await start(world, 'importModel', input, id, world.plain);
  await until(async () => (await objects.head(copy)) !== undefined, 'the upload is accepted');
  await cut.terminate('as after a crash');
  assert.deepEqual(await importing(input), { version: 1, card_missing: [] });
  const { items } = await registry.versions(pairOf(model), {});
  assert.equal(items.length, 1);
});

test('the file of a training scores as the version of the training does', async () => {
  const model = await newModel(world);
  const { input } = await importInput(world, model, await trainedFile(model));
  assert.equal((await importing(input)).version, 2);
  const { base_digest: configs } = await world.configs.current();
  const scored: unknown[][] = [];
  for (const version of [1, 2]) {
    const waivers = version === 2 ? [{ gate: 'provenance', reason: 'It is our own.' }] : [];
    const asked = await approval(registry, pairOf(model), version);
    await registry.judge({ ...asked, waivers });
    const ref = { ...pairOf(model), version, score_date: '2024-04-20', revision: 1 };
    await run(world, 'scoreBatch', { ref, configs }, workflowId.score(ref));
    const manifest = await world.scores.find(ref);
    const path = join(world.env.MILLRACE_HOME, `v${version}.parquet`);
    await objects.getFile(manifest?.parts[0]?.key ?? '', path);
    scored.push(await readParquet(path, 'entity, probability, reasons'));
  }
  assert.equal(scored[0]?.length, 20);
  assert.deepEqual(scored[1], scored[0]);
});

test('files that did not arrive as announced are refused by name and leave nothing', async () => {
  const announced = Buffer.from('announced');
  const cases = [
    ['UPLOAD_SIZE_MISMATCH', Buffer.from('longer than announced')],
    ['UPLOAD_DIGEST_MISMATCH', Buffer.from('announceD')],
    ['UPLOAD_INCOMPLETE', undefined],
  ] as const;
  for (const [code, body] of cases) {
    const { input, sent } = await importInput(world, await newModel(world), announced);
    if (body === undefined) await objects.remove([sent]);
    else await objects.put(sent, body);
    await refusedBecause(input, code);
  }
});

test('a model that the evaluation refuses leaves nothing, and the pair takes the next one', async () => {
  const model = await newModel(world);
  for (const code of [
    'ONNX_NOT_A_MODEL',
    'ONNX_EXTERNAL_DATA',
    'ONNX_OPERATOR_NOT_ALLOWED',
    'ONNX_INPUTS_WRONG',
  ])
    await refusedBecause((await importInput(world, model, Buffer.from(`${REFUSED}${code}`))).input, code);
  const { input } = await importInput(world, model, Buffer.from('a model'));
  assert.equal((await importing(input)).version, 1);
});
