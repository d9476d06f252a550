import { join, resolve } from 'node:path';

/** The root folder of this checkout. */
export const ROOT = resolve(import.meta.dirname, '..');

/** Everything that set-up downloads or generates. It is not committed, and can be deleted safely: set-up recreates it. */
export const TOOLS = join(ROOT, '.millrace-tools');

/** The path of each tool after set-up. */
export const tools = {
  uv: join(TOOLS, 'uv', 'bin', 'uv'),
  /** The environment that runs the trainer and its tests, and holds the servers distributed as wheels. */
  python: join(TOOLS, 'python', 'bin', 'python'),
  pythonBin: join(TOOLS, 'python', 'bin'),
  temporal: join(TOOLS, 'python', 'bin', 'temporal'),
  seaweed: join(TOOLS, 'python', 'bin', 'weed'),
  sitePackages: join(TOOLS, 'python', 'lib', 'python3.11', 'site-packages'),
  dynamodb: join(TOOLS, 'dynamodb'),
  /** Executable for `TestWorkflowEnvironment.createTimeSkipping({ server: { executable: { type: 'existing-path', path } } })`. */
  temporalTestServer: join(TOOLS, 'temporal-test-server', 'temporal-test-server'),
  /** One folder per data set, each with `raw/<table>/*.parquet` as uploaded to the bucket. */
  data: join(TOOLS, 'data'),
} as const;
