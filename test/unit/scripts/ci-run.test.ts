import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { ROOT } from '#local/tools.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-ci-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A repository with `.ci/run` and npm scripts that print what they are told. */
function repository(name: string, scripts: Readonly<Record<string, string>>): string {
  const path = join(folder, name);
  mkdirSync(path);
  cpSync(join(ROOT, '.ci'), join(path, '.ci'), { recursive: true });
  writeFileSync(join(path, 'package.json'), JSON.stringify({ scripts }));
  const git = (...args: string[]) => execFileSync('git', args, { cwd: path, stdio: 'ignore' });
  git('init');
  git('add', '.');
  git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-m', 'a');
  return path;
}

function ciRun(path: string): Promise<{ readonly code: number; readonly lastLine: string }> {
  return new Promise((done) => {
    execFile(join(path, '.ci/run'), { cwd: path }, (error, stdout) => {
      const code = typeof error?.code === 'number' ? error.code : 0;
      done({ code, lastLine: stdout.trimEnd().split('\n').at(-1) ?? '' });
    });
  });
}

describe('.ci/run', () => {
  it('sums the counts of tests, checks, DAGs and Spark cases in its last line', async () => {
    const path = repository('good', {
      test: 'echo 10 passed, 0 failed',
      check: 'echo 7 passed, 0 failed',
      'test:airflow': 'echo 3 passed, 0 failed',
      'test:spark': 'echo 4 passed, 0 failed',
    });
    assert.deepEqual(await ciRun(path), { code: 0, lastLine: '24 passed, 0 failed' });
  });

  it('fails with what failed, with what gave no count, and with what ended badly', async () => {
    const path = repository('bad', {
      test: 'echo 10 passed, 2 failed; exit 1',
      check: 'echo nothing',
      'test:airflow': 'echo 3 passed, 0 failed; exit 1',
      'test:spark': 'echo 4 passed, 0 failed',
    });
    assert.deepEqual(await ciRun(path), { code: 1, lastLine: '17 passed, 4 failed' });
  });
});
