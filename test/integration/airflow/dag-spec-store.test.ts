import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fastify from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { dagSpec, dagSpecKey } from '#airflow/dag-spec.ts';
import { allDagSpecsRoutes } from '#api/routes/dag-specs.ts';
import { dagSpecRoutes } from '#api/routes/pairs/dag-spec.ts';
import { createDagSpecStore } from '#airflow/store.ts';
import { forThisFile, freshBucket } from '#test/support/stores.ts';

const objects = await forThisFile(freshBucket());
const dagSpecs = createDagSpecStore(objects);
const app = fastify()
  .setValidatorCompiler(validatorCompiler)
  .setSerializerCompiler(serializerCompiler)
  .withTypeProvider<ZodTypeProvider>();
await app.register(allDagSpecsRoutes, { dagSpecs });
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
  const { specs, invalid } = await dagSpecs.list();
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

test('one pair’s spec can be read; a pair without one is not found', async () => {
  await dagSpecs.write(pair('good'), dagSpec(pair('good'), wanted));
  assert.equal(
    (await app.inject('/v1/pairs/good/behaviour/dag-spec')).json<{ enabled: boolean }>().enabled,
    true,
  );
  const none = await app.inject('/v1/pairs/none/behaviour/dag-spec');
  assert.equal(none.json<{ code: string }>().code, 'DAG_SPEC_NOT_FOUND');
});
