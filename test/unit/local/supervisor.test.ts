import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { noteDeath, noteReturn, readDeaths, restartsOf } from '#local/deaths.ts';
import type { ProcessSpec } from '#local/launch.ts';
import { endProcess, isProcessRunning, killProcess, saysReady, startProcess } from '#local/processes.ts';
import { listRecords } from '#local/records.ts';
import { backOffMs, supervise } from '#local/supervisor.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-supervisor-'));
const homes = ['heals', 'retries'].map((name) => join(folder, name));
after(async () => {
  for (const home of homes) for (const { name } of listRecords(home)) await endProcess(home, name, 0);
  rmSync(folder, { recursive: true, force: true });
});

const WAITS = `console.log('{"ready":true}'); setInterval(() => {}, 1000);`;

function node(name: string, script: string): ProcessSpec {
  return {
    name,
    command: [process.execPath, '-e', script],
    env: {},
    ready: saysReady,
    readyWithinMs: 10_000,
  };
}

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await holds())) {
    if (Date.now() > deadline) assert.fail(`${what} did not happen within 20 s`);
    await sleep(50);
  }
}

describe('a supervised process', { concurrency: false }, () => {
  it('is started again after kill -9, beside others that go on, and its death is noted', async () => {
    const home = join(folder, 'heals');
    const specs = [node('one', WAITS), node('two', WAITS)];
    for (const spec of specs) await startProcess(home, spec);
    const stop = new AbortController();
    const said: string[] = [];
    const ended = supervise(
      specs.map((spec) => ({ name: spec.name, start: (signal) => startProcess(home, spec, signal) })),
      { home, signal: stop.signal, say: (line) => said.push(line) },
    );
    await killProcess(home, 'one');
    await until(
      'the return of the process',
      () => readDeaths(home)[0]?.back_at !== undefined && readDeaths(home)[0]?.back_at !== null,
    );
    assert.equal(await isProcessRunning(home, 'one'), true);
    stop.abort();
    await ended;
    assert.deepEqual(
      restartsOf(readDeaths(home)).map(({ name, deaths }) => [name, deaths]),
      [['one', 1]],
    );
    assert.equal(said[0], 'one has ended and is being restarted');
    assert.match(said[1] ?? '', /^one is back after \d+\.\d s$/);
  });

  it('is tried again when it does not come up, and left alone once supervision has ended', async () => {
    const home = join(folder, 'retries');
    mkdirSync(home);
    const flag = join(folder, 'may-start');
    const spec = node(
      'fails',
      `if (!require('node:fs').existsSync(${JSON.stringify(flag)})) process.exit(3); ${WAITS}`,
    );
    const stop = new AbortController();
    const said: string[] = [];
    const ended = supervise([{ name: 'fails', start: (signal) => startProcess(home, spec, signal) }], {
      home,
      signal: stop.signal,
      say: (line) => said.push(line),
    });
    await until(
      'two failures',
      () => said.filter((line) => line.includes('could not be started')).length === 2,
    );
    writeFileSync(flag, '');
    await until('the start', () => isProcessRunning(home, 'fails'));
    stop.abort();
    await ended;
    await endProcess(home, 'fails');
    await sleep(700);
    assert.equal(await isProcessRunning(home, 'fails'), false);
    assert.ok(existsSync(join(home, 'deaths.json')));
  });

  it('waits between quick deaths, never longer than 30 seconds', () => {
    assert.deepEqual(
      [0, 1, 2, 3, 4, 5, 6, 60].map(backOffMs),
      [0, 1000, 2000, 4000, 8000, 16000, 30000, 30000],
    );
  });
});

describe('the deaths of a home', () => {
  it('say for each process how often, when last, and whether it is back', () => {
    const home = mkdtempSync(join(folder, 'deaths-'));
    assert.deepEqual(readDeaths(home), []);
    noteDeath(home, 'worker');
    noteReturn(home, 'worker');
    noteDeath(home, 'worker');
    noteDeath(home, 'api');
    const [api, worker] = restartsOf(readDeaths(home));
    assert.deepEqual([api?.name, api?.deaths, api?.last_back_at], ['api', 1, null]);
    assert.deepEqual([worker?.name, worker?.deaths, worker?.last_back_at], ['worker', 2, null]);
    writeFileSync(join(home, 'deaths.json'), 'not ours');
    assert.deepEqual(readDeaths(home), []);
  });
});
