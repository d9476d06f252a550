import { join, resolve } from 'node:path';

/** Folder of this checkout. */
export const ROOT = resolve(import.meta.dirname, '..');

/** Everything set-up fetches or makes; nothing in it is committed, and deleting it only costs time. */
export const TOOLS = join(ROOT, '.millrace-tools');

/** Where each tool lies once set-up has run. */
export const tools = {
  uv: join(TOOLS, 'uv', 'bin', 'uv'),
  /** Runs the trainer, its tests, and holds the servers that come as wheels. */
  python: join(TOOLS, 'python', 'bin', 'python'),
  pythonBin: join(TOOLS, 'python', 'bin'),
  temporal: join(TOOLS, 'python', 'bin', 'temporal'),
  seaweed: join(TOOLS, 'python', 'bin', 'weed'),
  sitePackages: join(TOOLS, 'python', 'lib', 'python3.11', 'site-packages'),
  dynamodb: join(TOOLS, 'dynamodb'),
  /** Executable for `TestWorkflowEnvironment.createTimeSkipping({ server: { executable: { type: 'existing-path', path } } })`. */
  temporalTestServer: join(TOOLS, 'temporal-test-server', 'temporal-test-server'),
  /** One folder per data set, each with `raw/<table>/*.parquet` as they go into the bucket. */
  data: join(TOOLS, 'data'),
} as const;
