import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { listProcesses } from '#platform/jobs/process/process-table.ts';
import { endProcess, isProcessRunning, statusOfProcesses } from '#local/processes.ts';
import { ROOT } from '#local/tools.ts';

const SCRIPT = 'test/unit/local/fixtures/holds-a-process.ts';
const folder = mkdtempSync(join(tmpdir(), 'millrace-npm-'));
const scripts = { hold: `exec node ${join(ROOT, 'scripts/run.mjs')} --without-set-up ${SCRIPT}` };
writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'held', version: '1.0.0', scripts }));
after(() => rmSync(folder, { recursive: true, force: true }));

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await holds())) {
    if (Date.now() > deadline) assert.fail(`${what} did not happen within 20 s`);
    await sleep(50);
  }
}

/** `npm run hold -- <home>`; resolves once its process is up. */
async function runHold(home: string): Promise<ChildProcess> {
  const npm = spawn('npm', ['run', 'hold', '--', home], { cwd: folder, stdio: 'ignore', detached: true });
  await until('the start', () => isProcessRunning(home, 'held'));
  return npm;
}

async function descendantsOf(pid: number): Promise<readonly number[]> {
  const all = await listProcesses();
  const below = (parents: readonly number[]): readonly number[] => {
    const children = all.filter((one) => parents.includes(one.parent) && !one.defunct).map((one) => one.pid);
    return children.length === 0 ? [] : [...children, ...below(children)];
  };
  return below([pid]);
}

describe('a script that npm runs', { concurrency: false }, () => {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGKILL'] as const) {
    it(`stops what it started when npm gets ${signal}`, async () => {
      const home = join(folder, signal);
      const npm = await runHold(home);
      const started = await descendantsOf(npm.pid ?? 0);
      assert.ok(started.length >= 2, `found ${String(started.length)} processes below npm`);
      npm.kill(signal);
      await until('the stop', async () => {
        const running = new Set((await listProcesses()).filter((one) => !one.defunct).map(({ pid }) => pid));
        return !started.some((pid) => running.has(pid));
      });
      assert.deepEqual(await statusOfProcesses(home), []);
      if (npm.exitCode === null && npm.signalCode === null) await once(npm, 'exit');
    });
  }

  it('stops what it started when run.mjs is killed', async () => {
    const home = join(folder, 'run');
    const npm = await runHold(home);
    const runner = (await listProcesses()).find(({ parent }) => parent === npm.pid);
    assert.ok(runner);
    process.kill(runner.pid, 'SIGKILL');
    await until('the stop', async () => (await statusOfProcesses(home)).length === 0);
    await endProcess(home, 'held', 0);
  });
});

describe('the scripts of package.json', () => {
  it('replace the shell that npm starts, which passes no signals on', () => {
    const { scripts: own } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Readonly<Record<string, string>>;
    };
    for (const [name, command] of Object.entries(own)) {
      const last = command.split('&&').at(-1)?.trim() ?? '';
      if (last.includes('scripts/run.mjs')) assert.match(last, /^exec node /, name);
    }
  });
});
