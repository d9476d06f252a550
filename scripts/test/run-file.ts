import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { markOf } from '#local/lock.ts';
import { removeRecord, writeRecord } from '#local/records.ts';
import { ROOT } from '#local/tools.ts';
import type { TestLine } from './reporter.ts';

export interface FileResult {
  /** Path below the checkout. */
  readonly file: string;
  readonly passed: number;
  readonly skipped: number;
  readonly failures: readonly { readonly name: string; readonly error: string }[];
  /** Output of the file and of the processes it started. */
  readonly output: string;
  readonly seconds: number;
}

export interface RunFileOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder for reports and outputs. */
  readonly folder: string;
  /** Home that records the process, so that the next call ends it if this one is killed. */
  readonly home: string;
  /** Time limit of the file. After it, the file and its process group are killed. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Runs one test file in a process of its own. Never rejects because of the file: its failures are in the result. */
export async function runTestFile(file: string, options: RunFileOptions): Promise<FileResult> {
  const base = join(options.folder, file.replaceAll('/', '.'));
  mkdirSync(dirname(base), { recursive: true });
  const report = `${base}.jsonl`;
  const output = `${base}.log`;
  const started = Date.now();
  const ending = await runToEnd(file, report, output, options);
  const lines = readReport(report);
  const failures = lines
    .filter((line) => line.outcome === 'failed')
    .map(({ name, error }) => ({ name, error: error ?? 'no error given' }));
  if (failures.length === 0 && ending !== undefined) failures.push({ name: '(the file)', error: ending });
  if (failures.length === 0 && lines.length === 0)
    failures.push({ name: '(the file)', error: 'holds no test' });
  return {
    file,
    passed: lines.filter((line) => line.outcome === 'passed').length,
    skipped: lines.filter((line) => line.outcome === 'skipped').length,
    failures,
    output: readFileSync(output, 'utf8'),
    seconds: (Date.now() - started) / 1000,
  };
}

/** Undefined if the process ended by itself with code 0; otherwise how it ended. */
function runToEnd(
  file: string,
  report: string,
  output: string,
  { env, home, timeoutMs, signal }: RunFileOptions,
): Promise<string | undefined> {
  const out = openSync(output, 'w');
  const reporter = join(ROOT, 'scripts/test/reporter.ts');
  const child = spawn(
    process.execPath,
    [`--test-reporter=${reporter}`, `--test-reporter-destination=${report}`, '--enable-source-maps', file],
    { cwd: ROOT, env, detached: true, stdio: ['ignore', out, out] },
  );
  closeSync(out);
  const name = file.replaceAll('/', '.');
  const recorded = record(home, name, child.pid, output);
  let timedOut = false;
  const kill = () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
  };
  const timer = setTimeout(() => {
    timedOut = true;
    kill();
  }, timeoutMs);
  signal.addEventListener('abort', kill);
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('exit', (code, killedBy) => {
      clearTimeout(timer);
      void recorded.then(() => removeRecord(home, name));
      signal.removeEventListener('abort', kill);
      if (timedOut) {
        const limit = String(timeoutMs / 1000);
        done(`did not end within ${limit} s: a test hangs, or something it opened keeps the process alive`);
      } else
        done(code === 0 ? undefined : `ended with ${killedBy ?? `code ${String(code)}`} outside any test`);
    });
  });
}

async function record(home: string, name: string, pid: number | undefined, log: string): Promise<void> {
  const mark = pid === undefined ? undefined : await markOf(pid);
  if (mark === undefined) return;
  const startedAt = new Date().toISOString();
  writeRecord(home, {
    ...mark,
    name,
    command: [process.execPath, name],
    digest: '',
    log,
    logStart: 0,
    startedAt,
    launch: '',
  });
}

function readReport(path: string): readonly TestLine[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  // A killed process may leave an incomplete line at the end.
  return lines.slice(0, -1).map((line) => JSON.parse(line) as TestLine);
}
