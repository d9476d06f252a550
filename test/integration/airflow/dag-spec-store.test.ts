import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fastify from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { canonicalJson } from '#configs/canonical.ts';
import { dagSpec, dagSpecKey } from '#airflow/dag-spec.ts';
import { allDagSpecsRoutes } from '#api/routes/dag-specs.ts';
import { dagSpecRoutes } from '#api/routes/pairs/dag-spec.ts';
import { SPEC_INDEX } from '#airflow/spec-index.ts';
import { createDagSpecStore } from '#airflow/store.ts';
import { forThisFile, freshBucket } from '#test/support/stores.ts';

const objects = await forThisFile(freshBucket());
const dagSpecs = createDagSpecStore(objects);
const app = fastify()
  .setValidatorCompiler(validatorCompiler)
  .setSerializerCompiler(serializerCompiler)
  .withTypeProvider<ZodTypeProvider>();
await app.register(allDagSpecsRoutes, { dagSpecs, seenBy: () => Promise.resolve(() => true) });
await app.register(dagSpecRoutes, { dagSpecs });
after(async () => {
  await app.close();
});

const wanted = {
  scheduler: 'airflow',
  schedule: '0 5 * * *',
  timezone: 'Europe/London',
  start: '2026-02-01T00:00:00.000Z',
} as const;
const listed = async () => (await dagSpecs.snapshot(() => true)).read();
const pair = (model: string) => ({ model, feature_set: 'behaviour' });

test('the same terms are written once; other terms replace them; removal is idempotent', async () => {
  const risk = pair('risk');
  const spec = dagSpec(risk, wanted);
  assert.equal((await dagSpecs.write(risk, spec)).changed, true);
  const before = await objects.head(dagSpecKey(risk));
  assert.equal((await dagSpecs.write(risk, dagSpec(risk, wanted))).changed, false);
  assert.deepEqual(await objects.head(dagSpecKey(risk)), before);
  assert.deepEqual(await dagSpecs.read(risk), spec);

  const later = dagSpec(risk, { ...wanted, schedule: '30 6 * * *' });
  assert.equal((await dagSpecs.write(risk, later)).changed, true);
  assert.deepEqual(await dagSpecs.read(risk), later);
  await dagSpecs.remove(risk);
  await dagSpecs.remove(risk);
  assert.equal(await dagSpecs.read(risk), undefined);
});

test('an edited spec is refused, and does not hide the others', async () => {
  await dagSpecs.write(pair('good'), dagSpec(pair('good'), wanted));
  const edited = { ...dagSpec(pair('bad'), wanted), schedule: '* * * * *' };
  await objects.put(dagSpecKey(pair('bad')), JSON.stringify(edited));
  await assert.rejects(dagSpecs.read(pair('bad')), { code: 'DAG_SPEC_INVALID' });
  for (const _again of [1, 2]) {
    const { specs, invalid } = await listed();
    assert.deepEqual([specs.map(({ model }) => model), invalid], [['good'], [dagSpecKey(pair('bad'))]]);
  }
  await dagSpecs.remove(pair('bad'));
});

test('a spec under the key of another pair is refused', async () => {
  await objects.put(dagSpecKey(pair('bad')), canonicalJson(dagSpec(pair('good'), wanted)));
  const { specs, invalid } = await listed();
  assert.deepEqual([specs.map(({ model }) => model), invalid], [['good'], [dagSpecKey(pair('bad'))]]);
  await dagSpecs.remove(pair('bad'));
});

test('the loader gets everything once, and 304 until something changes', async () => {
  await dagSpecs.write(pair('good'), dagSpec(pair('good'), wanted));
  const first = await app.inject('/v1/dag-specs');
  assert.deepEqual(first.json(), { specs: [dagSpec(pair('good'), wanted)], invalid: [] });
  const ask = () =>
    app.inject({ url: '/v1/dag-specs', headers: { 'if-none-match': String(first.headers.etag) } });
  assert.deepEqual([(await ask()).statusCode, (await ask()).body], [304, '']);
  await dagSpecs.write(pair('more'), dagSpec(pair('more'), wanted));
  assert.equal((await ask()).statusCode, 200);
});

test('an index that is missing, broken or wrong changes no answer and is written again', async () => {
  await Promise.all(
    ['good', 'more'].map((model) => dagSpecs.write(pair(model), dagSpec(pair(model), wanted))),
  );
  const right = await listed();
  const index = (await objects.get(SPEC_INDEX)).toString();
  const parsed = JSON.parse(index) as { specs: { key: string; etag: string; spec: object }[] };
  const [first, second] = parsed.specs;
  assert.ok(first && second);
  const gone = { key: dagSpecKey(pair('gone')), etag: first.etag, spec: dagSpec(pair('gone'), wanted) };
  const wrong = {
    'cut off': index.slice(0, -10),
    'not JSON': 'index',
    'of another release': index.replace('"index_version":1', '"index_version":2'),
    'without a spec': JSON.stringify({ ...parsed, specs: [first] }),
    'with a spec that is gone': JSON.stringify({ ...parsed, specs: [...parsed.specs, gone] }),
    'with an edited spec': index.replace('0 5 * * *', '0 6 * * *'),
    'with specs swapped': JSON.stringify({
      ...parsed,
      specs: [
        { ...first, spec: second.spec },
        { ...second, spec: first.spec },
      ],
    }),
    'of an older object': JSON.stringify({ ...parsed, specs: [{ ...first, etag: '"old"' }, second] }),
  };
  for (const [how, text] of Object.entries(wrong)) {
    await objects.put(SPEC_INDEX, text);
    assert.deepEqual(await listed(), right, how);
    assert.equal((await objects.get(SPEC_INDEX)).toString(), index, how);
  }
  await objects.remove([SPEC_INDEX]);
  assert.deepEqual(await listed(), right);
  assert.equal((await objects.get(SPEC_INDEX)).toString(), index);
});

test('a listing reads one object for all specs, and none when nothing changed', async () => {
  const models = Array.from({ length: 30 }, (_, n) => `many_${String(n).padStart(2, '0')}`);
  await Promise.all(models.map((model) => dagSpecs.write(pair(model), dagSpec(pair(model), wanted))));
  await listed();
  let reads = 0;
  const counting = createDagSpecStore({
    ...objects,
    get: (key) => {
      reads += 1;
      return objects.get(key);
    },
  });
  const first = await counting.snapshot(() => true);
  assert.equal(reads, 0);
  assert.ok((await first.read()).specs.length >= 30);
  assert.equal(reads, 1);
  const [model = ''] = models;
  await dagSpecs.write(pair(model), dagSpec(pair(model), { ...wanted, schedule: '0 7 * * *' }));
  const later = await counting.snapshot(() => true);
  assert.notEqual(later.etag, first.etag);
  assert.equal((await later.read()).specs.find((one) => one.model === model)?.schedule, '0 7 * * *');
  assert.equal(reads, 3);
  await Promise.all(models.map((one) => dagSpecs.remove(pair(one))));
});

test('reconcilers and loaders at the same time lose no spec', async () => {
  const models = Array.from({ length: 24 }, (_, n) => `race_${String(n).padStart(2, '0')}`);
  const kept = models.slice(0, 12);
  await Promise.all(models.map((model) => dagSpecs.write(pair(model), dagSpec(pair(model), wanted))));
  const changed = { ...wanted, schedule: '15 7 * * *' };
  await Promise.all([
    ...kept.map((model) => dagSpecs.write(pair(model), dagSpec(pair(model), changed))),
    ...models.slice(12).map((model) => dagSpecs.remove(pair(model))),
    ...models.map(() => listed()),
  ]);
  const { specs } = await listed();
  const raced = specs.filter(({ model }) => model.startsWith('race_'));
  assert.deepEqual(
    raced.map(({ model, schedule }) => [model, schedule]),
    kept.map((model) => [model, '15 7 * * *']),
  );
  await Promise.all(kept.map((model) => dagSpecs.remove(pair(model))));
});

test('one pair’s spec can be read; a pair without one is not found', async () => {
  await dagSpecs.write(pair('good'), dagSpec(pair('good'), wanted));
  assert.equal(
    (await app.inject('/v1/pairs/good/behaviour/dag-spec')).json<{ enabled: boolean }>().enabled,
    true,
  );
  const none = await app.inject('/v1/pairs/none/behaviour/dag-spec');
  assert.equal(none.json<{ code: string }>().code, 'DAG_SPEC_NOT_FOUND');
});
