import assert from 'node:assert/strict';
import { test } from 'node:test';
import Fastify from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { featureSetRoutes } from '#api/routes/feature-sets/routes.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { configsOf, featureSet } from '#test/support/feature-configs.ts';
import { putAccounts, putPayments, withFeatureLake } from '#test/support/feature-lake.ts';

test('partitions are listed, read by date and revision, and lineage is told before anything is built', async () => {
  await withFeatureLake(async (lake) => {
    const set = featureSet();
    const configs = configsOf(set);
    const nothing = () => Promise.reject(new Error('a read starts nothing'));
    const app = Fastify();
    app.setValidatorCompiler(validatorCompiler);
    app.setSerializerCompiler(serializerCompiler);
    app.setErrorHandler((error, _request, reply) =>
      error instanceof MillraceError
        ? reply.code(error.status).send({ code: error.code })
        : reply.send(error),
    );
    await app.register(featureSetRoutes, {
      configs: async () => await Promise.resolve(configs),
      partitions: lake.partitions,
      start: nothing,
      starter: { startedBefore: nothing },
      uri: (key) => lake.objects.uri(key),
    });
    const get = async (path: string): Promise<[number, unknown]> => {
      const answer = await app.inject(`/v1/feature-sets/${path}`);
      return [answer.statusCode, answer.json()];
    };
    const ref = lake.ref(set, configs, '2024-02-01');
    const { definition_digest } = ref;
    const [, lineage] = await get('behaviour/lineage');
    assert.deepEqual(lineage, {
      definition_digest,
      lineage: [
        { feature: 'credit', sources: ['accounts.credit'], expression: 'a.credit' },
        { feature: 'paid', sources: ['payments.amount'], expression: 'COALESCE(SUM(p.amount), 0)' },
        { feature: 'payments', sources: ['payments.amount'], expression: 'COUNT(p.amount)' },
      ],
    });
    assert.deepEqual(await get('nothing/lineage'), [404, { code: 'FEATURE_SET_UNKNOWN' }]);
    assert.deepEqual(await get('behaviour/partitions'), [200, { definition_digest, items: [] }]);
    assert.deepEqual(await get('behaviour/partitions/2024-02-01'), [404, { code: 'PARTITION_NOT_FOUND' }]);

    await putAccounts(lake);
    await putPayments(lake, 'a', [2, '2024-01-10', 7, '2024-01-11']);
    const manifest = await lake.commit(ref, configs);
    const whole = { ...manifest, uris: [lake.objects.uri(manifest.parts[0]?.key ?? '')] };
    const { rows, built_at } = manifest;
    const manifest_key = `features/behaviour/${definition_digest}/dt=2024-02-01/r1/manifest.json`;
    assert.deepEqual(await get('behaviour/partitions?from=2024-02-01&to=2024-02-28'), [
      200,
      { definition_digest, items: [{ ...ref, manifest_key, rows, built_at }] },
    ]);
    assert.deepEqual(await get('behaviour/partitions?from=2024-02-02'), [
      200,
      { definition_digest, items: [] },
    ]);
    assert.deepEqual(await get('behaviour/partitions/2024-02-01'), [200, whole]);
    assert.deepEqual(await get(`behaviour/partitions/2024-02-01/r/1?definition=${definition_digest}`), [
      200,
      whole,
    ]);
    assert.deepEqual(await get('behaviour/partitions/2024-02-01/r/2'), [
      404,
      { code: 'PARTITION_NOT_FOUND' },
    ]);
    assert.equal((await get('behaviour/partitions/yesterday'))[0], 400);
    await app.close();
  });
});
