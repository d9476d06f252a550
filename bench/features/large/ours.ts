/** Builds the partition as a worker does, and prints what it cost. A process of its own, whose peak memory is that of the build. */
import { join } from 'node:path';
import { readEnvironment } from '#configs/environment.ts';
import { definitionDigest } from '#features/definition.ts';
import { createDuckDbEngine } from '#features/engines/duckdb/duckdb-engine.ts';
import { featureSetNamed } from '#catalog/feature-configs.ts';
import { materialisePartition } from '#features/partitions/materialise.ts';
import { createPartitionStore } from '#features/partitions/partition-store.ts';
import { createS3ObjectStore } from '#platform/objects/s3-object-store.ts';
import { openTable } from '#platform/table/table.ts';
import { tell } from './cost.ts';
import { DATE, SET, statementConfigs } from './statements.ts';

const [folder = '', threads = '1'] = process.argv.slice(2);
const env = readEnvironment();
const objects = createS3ObjectStore(env);
const configs = statementConfigs();
const stores = {
  objects,
  partitions: createPartitionStore(openTable(env), objects),
  engine: createDuckDbEngine({ env, objects, folder, threads: Number(threads) }),
};
await tell(async (lap) => {
  const ref = {
    feature_set: SET,
    definition_digest: definitionDigest(featureSetNamed(configs, SET), configs),
    dt: DATE,
    revision: 1,
  };
  const manifest = await materialisePartition(stores, {
    ref,
    configs,
    builtBy: { workflow_id: 'bench', run_id: 'bench' },
    attempt: 'bench',
    heartbeat: ({ step }) => lap(step),
  });
  lap('end');
  const [part] = manifest.parts;
  if (part === undefined) throw new TypeError('The build gave no part.');
  await objects.getFile(part.key, join(folder, 'ours.parquet'));
});
process.exit();
