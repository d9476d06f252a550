/**
 * `npm test [-- patterns] [-- --fast]`: runs the tests on servers of their own and ends with `N passed, N failed`. A
 * pattern is a part of a path, such as `unit/registry`. `--fast` runs only the unit tests, without servers.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { onStop } from '#local/on-stop.ts';
import { HOMES, lockHome } from '#local/homes.ts';
import { forgetHome, startServers } from '#local/servers.ts';
import { TOOLS, tools } from '#local/tools.ts';
import { describeResult, paint } from './test/print.ts';
import { runTestFile, type FileResult } from './test/run-file.ts';
import { runPythonTests } from './test/run-python.ts';
import { PYTHON_TESTS, selectTests } from './test/select.ts';

const AT_ONCE = 2;
const MINUTE_MS = 60_000;
const STILL_EVERY_MS = 30_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { fast: { type: 'boolean', default: false } },
});
const selection = selectTests(positionals, values.fast);
const stopped = new AbortController();
onStop((signal) => stopped.abort(signal));

const results: FileResult[] = [];
const running = new Map<string, number>();
const started = Date.now();
const home = HOMES.test;
const lock = await lockHome(home.path);
const still = setInterval(sayWhatRuns, STILL_EVERY_MS);
try {
  const env = await environment();
  const folder = join(TOOLS, 'test-results');
  const runs = selection.files.map((file) => () => {
    // The whole life of a model, and crashes in it, take longer.
    const timeoutMs = /^test\/(e2e|faults)\//.test(file) ? 8 * MINUTE_MS : 3 * MINUTE_MS;
    return runTestFile(file, { env, folder, home: home.path, timeoutMs, signal: stopped.signal });
  });
  const names = [...selection.files];
  if (selection.python) {
    // It starts first, because as the longest of the early tests it would otherwise run alone at the end.
    names.unshift(PYTHON_TESTS);
    runs.unshift(() => runPythonTests(env, folder, stopped.signal));
  }
  const queue = names.entries();
  await Promise.all(Array.from({ length: AT_ONCE }, () => work(queue, runs)));
} finally {
  clearInterval(still);
  await forgetHome(home.path);
  lock.release();
}
summarise();

/** Takes runs from the shared queue until none is left. */
async function work(
  queue: Iterator<[number, string]>,
  runs: readonly (() => Promise<FileResult>)[],
): Promise<void> {
  for (let next = queue.next(); next.done !== true && !stopped.signal.aborted; next = queue.next()) {
    const [index, name] = next.value;
    running.set(name, Date.now());
    const result = await runs[index]?.();
    running.delete(name);
    if (result === undefined || stopped.signal.aborted) continue;
    results.push(result);
    console.log(describeResult(result));
  }
}

/** Variables of the caller must not reach the tests, which would otherwise use other servers. */
async function environment(): Promise<Record<string, string | undefined>> {
  const own = Object.entries(process.env).filter(([name]) => !/^(MILLRACE|AWS)_/.test(name));
  const base = { ...Object.fromEntries(own), MILLRACE_TEMPORAL_TEST_SERVER: tools.temporalTestServer };
  await forgetHome(home.path);
  if (values.fast || (selection.files.length === 0 && !selection.python)) return base;
  const say = (line: string) => console.log(paint('dim', line));
  const servers = await startServers(home.path, { portOffset: home.portOffset, throwaway: true, say });
  say(`servers are up after ${seconds(started)}: Temporal, DynamoDB Local, SeaweedFS`);
  return { ...base, ...servers.env, MILLRACE_LOG_LEVEL: 'warn' };
}

function sayWhatRuns(): void {
  const list = [...running].map(([name, since]) => `${name} (${seconds(since)})`);
  if (list.length > 0) console.log(paint('dim', `still running: ${list.join(', ')}`));
}

function summarise(): void {
  const failed = results.filter((result) => result.failures.length > 0);
  const sum = (of: (result: FileResult) => number) =>
    results.reduce((total, result) => total + of(result), 0);
  console.log('');
  for (const { file, failures } of failed) {
    for (const { name } of failures) console.log(`${paint('red', 'FAIL')}  ${file} > ${name}`);
  }
  if (stopped.signal.aborted) console.log(`stopped (${String(stopped.signal.reason)}) before the end`);
  if (results.length === 0) console.log(`no test file matches ${positionals.join(' ')}`);
  const skipped = sum((result) => result.skipped);
  console.log(
    `${String(results.length)} files in ${seconds(started)}${skipped > 0 ? `, ${String(skipped)} skipped` : ''}`,
  );
  console.log(`${String(sum((r) => r.passed))} passed, ${String(sum((r) => r.failures.length))} failed`);
  process.exitCode = failed.length > 0 || results.length === 0 || stopped.signal.aborted ? 1 : 0;
}

function seconds(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}
