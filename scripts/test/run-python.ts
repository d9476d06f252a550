import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, tools } from '#local/tools.ts';
import type { FileResult } from './run-file.ts';
import { PYTHON_TESTS } from './select.ts';

/** Runs the trainer's tests and reads their counts from pytest's JUnit report. */
export async function runPythonTests(
  env: Readonly<Record<string, string | undefined>>,
  folder: string,
  signal: AbortSignal,
): Promise<FileResult> {
  mkdirSync(folder, { recursive: true });
  const report = join(folder, 'pytest.xml');
  const started = Date.now();
  const args = ['-m', 'pytest', '-p', 'no:cacheprovider', '--color=no', `--junitxml=${report}`];
  const { code, output } = await run(args, env, signal);
  const counts = existsSync(report) ? readJUnit(readFileSync(report, 'utf8')) : undefined;
  const failed = counts?.failed ?? 0;
  const failures = Array.from({ length: failed }, () => ({ name: 'pytest', error: 'see the output below' }));
  if (failed === 0 && code !== 0) failures.push({ name: 'pytest', error: `ended with ${String(code)}` });
  return {
    file: PYTHON_TESTS,
    passed: counts?.passed ?? 0,
    skipped: counts?.skipped ?? 0,
    failures,
    output,
    seconds: (Date.now() - started) / 1000,
  };
}

/** Counts of a JUnit file; errors of set-up and collection count as failed. */
export function readJUnit(
  xml: string,
): { readonly passed: number; readonly failed: number; readonly skipped: number } | undefined {
  const suite = /<testsuite\b[^>]*>/.exec(xml)?.[0];
  if (suite === undefined) return undefined;
  const count = (name: string) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
  const failed = count('failures') + count('errors');
  const skipped = count('skipped');
  return { passed: count('tests') - failed - skipped, failed, skipped };
}

function run(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(tools.python, args, {
    cwd: join(ROOT, 'trainer'),
    env: { ...env, PYTHONDONTWRITEBYTECODE: '1' },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const kill = () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
  };
  signal.addEventListener('abort', kill);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('close', (code) => {
      signal.removeEventListener('abort', kill);
      done({ code, output });
    });
  });
}
