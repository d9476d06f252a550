import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '#configs/environment.ts';
import { createS3ObjectStore, ensureBucket } from '#platform/objects/s3-object-store.ts';
import { tools } from './tools.ts';

export type DataSet = 'credit-card' | 'machines';

/** The folder of a data set's files. Their paths below it are their keys in the bucket. */
export function dataSetFolder(dataSet: DataSet): string {
  return join(tools.data, dataSet);
}

/**
 * Uploads a data set's raw tables to the lake bucket as `raw/<table>/<file>.parquet`, skipping keys that exist. Creates
 * the bucket if it does not exist. Returns the number of files uploaded.
 */
export async function loadDataSet(
  env: Environment,
  dataSet: DataSet,
  bucket: string = env.MILLRACE_BUCKET,
): Promise<number> {
  const folder = dataSetFolder(dataSet);
  const keys = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.parquet'))
    .sort();
  await ensureBucket(env, bucket);
  await using store = createS3ObjectStore(env, bucket);
  let put = 0;
  for (const key of keys) {
    if ((await store.head(key)) !== undefined) continue;
    await store.putFile(key, join(folder, key), 'application/vnd.apache.parquet');
    put += 1;
  }
  return put;
}
