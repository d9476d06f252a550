import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readEnvironment } from '#configs/environment.ts';
import { createDuckDbEngine } from '#features/engines/duckdb/duckdb-engine.ts';
import type { FeatureEngine } from '#features/engines/engine.ts';
import { materialisePartition } from '#features/partitions/materialise.ts';
import type { PartitionManifest } from '#features/partitions/partition.ts';
import { withScratchFolder } from '#platform/local-files.ts';
import { createS3ObjectStore } from '#platform/objects/s3-object-store.ts';
import { startFaultProxy, type FaultProxy, type Seen } from '#test/support/fault-proxy.ts';
import { configsOf, featureSet } from '#test/support/feature-configs.ts';
import { putAccounts, putPayments, withFeatureLake, type FeatureLake } from '#test/support/feature-lake.ts';

async function buildWith(lake: FeatureLake, engine: FeatureEngine): Promise<PartitionManifest> {
  const set = featureSet();
  const configs = configsOf(set);
  const ref = lake.ref(set, configs, '2024-02-01');
  const builtBy = { workflow_id: 'w', run_id: 'r' };
  return await materialisePartition({ ...lake, engine }, { ref, configs, builtBy, attempt: 'a' });
}

/** Carries out every request that fits, and loses its answer, until `work` has ended. */
async function losingAnswers(
  proxy: FaultProxy,
  fits: (request: Seen) => boolean,
  work: Promise<unknown>,
): Promise<number> {
  const ended = work.then(
    () => true,
    () => true,
  );
  for (let lost = 0; ; lost += 1) {
    const held = proxy.hold('after', fits);
    const done = await Promise.race([ended, held.reached.then(() => false)]);
    held.drop();
    if (done) return lost;
  }
}

test('removes the parts when the check of the sources fails after the build', async () => {
  await withFeatureLake(async (lake) => {
    await putAccounts(lake);
    await putPayments(lake, 'a', [2, '2024-01-10', 7, '2024-01-11']);
    const engine: FeatureEngine = {
      build: async (build, run) => {
        const result = await lake.engine.build(build, run);
        assert.equal((await lake.keys('features/')).length, 1);
        await lake.objects.remove(['raw/payments/a.parquet']);
        return result;
      },
    };
    await assert.rejects(buildWith(lake, engine), { code: 'SOURCE_EMPTY' });
    assert.deepEqual(await lake.keys('features/'), []);
  });
});

test('removes the part when the answer to its upload is lost on every try', async () => {
  await withFeatureLake(async (lake) => {
    await putAccounts(lake);
    await putPayments(lake, 'a', [2, '2024-01-10', 7, '2024-01-11']);
    const env = readEnvironment();
    await using proxy = await startFaultProxy(env.MILLRACE_S3_ENDPOINT ?? '');
    const beyond = { ...env, MILLRACE_S3_ENDPOINT: proxy.url };
    await using objects = createS3ObjectStore(beyond, lake.objects.bucket);
    await withScratchFolder(join(tmpdir(), 'millrace-test'), async (folder) => {
      const build = buildWith(lake, createDuckDbEngine({ env, objects, folder }));
      const isUpload = ({ method, path }: Seen): boolean => method === 'PUT' && path.includes('/features/');
      const lost = await losingAnswers(proxy, isUpload, build);
      await assert.rejects(build, { code: 'STORE_UNREACHABLE' });
      assert.equal(lost, 4);
    });
    assert.deepEqual(await lake.keys('features/'), []);
  });
});
