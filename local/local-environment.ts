import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, tools } from './tools.ts';
import type { Ports } from './ports.ts';
import { storeKeysOf } from './seaweedfs-secrets.ts';

/** The variables by which workers, API, CLI and tests find the servers of a home (see configs/environment.ts). */
export function localEnvironment(home: string, ports: Ports): Record<string, string> {
  const { accessKey, secretKey } = storeKeysOf(home);
  const at = (port: number) => `127.0.0.1:${String(port)}`;
  return {
    MILLRACE_HOME: home,
    MILLRACE_TEMPORAL_ADDRESS: at(ports.temporal),
    MILLRACE_TEMPORAL_NAMESPACE: 'default',
    MILLRACE_TEMPORAL_UI: `http://${at(ports.temporal_ui)}`,
    MILLRACE_TABLE_ENDPOINT: `http://${at(ports.dynamodb)}`,
    MILLRACE_TABLE: 'millrace',
    MILLRACE_S3_ENDPOINT: `http://${at(ports.s3)}`,
    MILLRACE_BUCKET: 'lake',
    MILLRACE_API_HOST: '127.0.0.1',
    MILLRACE_API_PORT: String(ports.api),
    MILLRACE_API_URL: `http://${at(ports.api)}`,
    MILLRACE_PYTHON: tools.python,
    MILLRACE_TRAINER_DIGEST: digestOfFiles('trainer/millrace_trainer/**/*.py'),
    MILLRACE_TRAINER_LOCK_DIGEST: digestOfFiles('trainer/requirements.txt'),
    MILLRACE_CODE_COMMIT: codeCommit(),
    MILLRACE_DUCKDB_HTTPFS: httpfsExtension(),
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: accessKey,
    AWS_SECRET_ACCESS_KEY: secretKey,
  };
}

/** Path of the signed extension in the wheel `duckdb-extension-httpfs`. */
function httpfsExtension(): string {
  const pattern = 'duckdb_extension_httpfs/extensions/*/httpfs.duckdb_extension';
  const [found] = globSync(pattern, { cwd: tools.sitePackages });
  if (found === undefined) throw new Error(`The Python environment has no ${pattern}; run npm run setup.`);
  return join(tools.sitePackages, found);
}

function digestOfFiles(pattern: string): string {
  const hash = createHash('sha256');
  for (const path of globSync(pattern, { cwd: ROOT }).toSorted()) {
    const bytes = readFileSync(join(ROOT, path));
    hash.update(`${path}\n${String(bytes.length)}\n`).update(bytes);
  }
  return hash.digest('hex');
}

/** The commit of this checkout, with `+changes` where files differ from it; `unknown` outside git. */
function codeCommit(): string {
  try {
    const git = (...args: string[]) =>
      execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    const commit = git('rev-parse', 'HEAD');
    return git('status', '--porcelain') === '' ? commit : `${commit}+changes`;
  } catch {
    return 'unknown'; // an archive without history, or no git
  }
}
