import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { ROOT, TOOLS } from '#local/tools.ts';
import { SPARK_BIN } from '../install.ts';

/** What mypy finds in the oracle; empty if nothing. It runs here because only this environment has Spark's types. */
export function mypyFindings(): Promise<string> {
  const args = ['--cache-dir', join(TOOLS, 'spark', 'mypy-cache'), 'spark_oracle.py', 'encoding.py'];
  return new Promise((done) => {
    const cwd = join(ROOT, 'test/spark/oracle');
    const config = ['--config-file', '../pyproject.toml'];
    execFile(join(SPARK_BIN, 'mypy'), [...config, ...args], { cwd }, (error, stdout, stderr) => {
      done(error === null ? '' : `${stdout}${stderr}` || error.message);
    });
  });
}
