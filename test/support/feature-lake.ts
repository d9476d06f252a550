import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEnvironment } from '#configs/environment.ts';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import { definitionDigest } from '#features/definition.ts';
import { createDuckDbEngine } from '#features/engines/duckdb/duckdb-engine.ts';
import type { FeatureConfigs } from '#catalog/feature-configs.ts';
import type { BuildDeps } from '#features/partitions/build-table.ts';
import { materialisePartition } from '#features/partitions/materialise.ts';
import { createPartitionStore } from '#features/partitions/partition-store.ts';
import type { PartitionManifest, PartitionRef } from '#features/partitions/partition.ts';
import { withScratchFolder } from '#platform/local-files.ts';
import { putParquet, readParquet } from './parquet.ts';
import { freshStores } from './stores.ts';

export interface FeatureLake extends BuildDeps {
  /** Puts a source's file: what DuckDB's `SELECT` gives, or rows such as `(1, DATE '2024-01-01')` of the named columns. */
  put(key: string, select: string): Promise<string>;
  ref(set: FeatureSetConfig, configs: FeatureConfigs, dt: string, revision?: number): PartitionRef;
  build(ref: PartitionRef, configs: FeatureConfigs, attempt?: string): Promise<PartitionManifest>;
  /** Builds and commits. */
  commit(ref: PartitionRef, configs: FeatureConfigs): Promise<PartitionManifest>;
  /** Rows of a file in the bucket. */
  rows(key: string, columns?: string): Promise<unknown[]>;
  keys(prefix: string): Promise<string[]>;
}

/** A bucket, a table and an engine of their own for the time of `work`. */
export async function withFeatureLake(work: (lake: FeatureLake) => Promise<void>): Promise<void> {
  await using stores = await freshStores();
  const { objects, table } = stores;
  await withScratchFolder(join(tmpdir(), 'millrace-test'), async (scratch) => {
    const engine = createDuckDbEngine({ env: readEnvironment(), objects, folder: scratch });
    const partitions = createPartitionStore(table, objects);
    const deps = { engine, objects, partitions };
    const build: FeatureLake['build'] = async (ref, configs, attempt = 'test-1') =>
      await materialisePartition(deps, { ref, configs, builtBy: { workflow_id: 'w', run_id: 'r' }, attempt });
    await work({
      ...deps,
      build,
      put: async (key, select) => await putParquet(objects, key, select),
      ref: (set, configs, dt, revision = 1) => ({
        feature_set: set.name,
        definition_digest: definitionDigest(set, configs),
        dt,
        revision,
      }),
      commit: async (ref, configs) => await partitions.commit(await build(ref, configs)),
      rows: async (key, columns) => {
        const path = join(scratch, 'read.parquet');
        await objects.getFile(key, path);
        return await readParquet(path, columns);
      },
      keys: async (prefix) => {
        const keys: string[] = [];
        for await (const { key } of objects.list(prefix)) keys.push(key);
        return keys;
      },
    });
  });
}

/** Two accounts known from the start, with no payment yet. */
export async function putAccounts(lake: FeatureLake): Promise<void> {
  await lake.put(
    'raw/accounts/all.parquet',
    `SELECT * FROM (VALUES (1::BIGINT, 100::DOUBLE, 'f', DATE '2023-12-01'), (2, 200, 'm', DATE '2023-12-01'))
     AS t(account, credit, sex, loaded_at)`,
  );
}

/** Rows of payments: account, paid on, amount, loaded at. */
export async function putPayments(
  lake: FeatureLake,
  file: string,
  ...rows: readonly (readonly [account: number, paidOn: string, amount: number, loadedAt: string])[]
): Promise<void> {
  const values = rows.map(
    ([account, paidOn, amount, loadedAt]) =>
      `(${account}::BIGINT, DATE '${paidOn}', ${amount}::DOUBLE, DATE '${loadedAt}')`,
  );
  await lake.put(
    `raw/payments/${file}.parquet`,
    `SELECT * FROM (VALUES ${values.join(', ')}) AS t(account, paid_on, amount, loaded_at)`,
  );
}
