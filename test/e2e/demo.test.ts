import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Outcome } from '#scripts/demo/outcome.ts';
import { openJournal } from '#scripts/demo/journal.ts';
import { readDeaths, restartsOf } from '#local/deaths.ts';
import { HOMES } from '#local/homes.ts';
import { killProcess } from '#local/processes.ts';
import { statusOfServers } from '#local/servers.ts';
import { ROOT } from '#local/tools.ts';

const run = promisify(execFile);
const PROCESSES = ['worker', 'temporal', 'api', 'seaweedfs', 'scoring', 'dynamodb'] as const;

/** `kill -9` of each process while the demo runs, one a second. Returns the killed. */
async function killEachOnce(signal: AbortSignal): Promise<readonly string[]> {
  const { path } = HOMES.demo;
  const killed: string[] = [];
  const peopleKnown = (): boolean => {
    const journal = openJournal(path);
    return journal.result('people') !== undefined && !journal.finished;
  };
  // Before that step, everything is still being started.
  while (!signal.aborted && !peopleKnown()) await sleep(100);
  for (const name of PROCESSES) {
    if (signal.aborted) break;
    await killProcess(path, name);
    killed.push(name);
    await sleep(1_000);
  }
  return killed;
}

test('the demo runs a model’s whole life on the real data', { timeout: 400_000 }, async (t) => {
  const ended = new AbortController();
  const demo = run(process.execPath, [join(ROOT, 'scripts/demo.ts'), '--json'], { cwd: ROOT });
  const killing = killEachOnce(ended.signal);
  const { stdout } = await demo.finally(() => ended.abort());
  const killed = await killing;
  const outcome = JSON.parse(stdout) as Outcome;

  await t.test('standard output is one line of JSON', () => {
    assert.equal(stdout.trimEnd().split('\n').length, 1);
    assert.equal(outcome.ok, true);
  });
  await t.test('version 2 took over and version 1 was archived by itself', () => {
    assert.deepEqual(outcome.versions, [
      { version: 1, stage: 'archived' },
      { version: 2, stage: 'live' },
    ]);
  });
  await t.test('the model is as good as honest features allow', () => {
    const { auc = Number.NaN } = outcome.metrics;
    assert.ok(auc > 0.74 && auc < 0.82, `AUC ${auc}`);
  });
  await t.test('every customer has a score', () => {
    assert.equal(outcome.scores.rows, 30_000);
    assert.match(outcome.scores.uri, /^s3:\/\/lake\/scores\/.*version=2\//);
  });
  await t.test('the dossier is verified', () => {
    assert.equal(outcome.dossier.verified, true);
    assert.ok(outcome.dossier.entries >= 10);
  });
  await t.test('each step that is a workflow names it', () => {
    const named = outcome.steps.filter(({ workflow_id }) => workflow_id !== null).map(({ name }) => name);
    assert.deepEqual(
      named.filter((name) => /^(materialise|train|live|score)/.test(name)),
      ['materialise', 'train-1', 'live-1', 'score-1', 'train-2', 'live-2', 'score-2'],
    );
  });
  await t.test('each of its processes was killed once and started again', () => {
    assert.deepEqual(killed, [...PROCESSES]);
    const restarts = restartsOf(readDeaths(HOMES.demo.path));
    assert.deepEqual(
      restarts.map(({ name, last_back_at }) => [name, last_back_at !== null]),
      PROCESSES.toSorted().map((name) => [name, true]),
    );
  });
  await t.test('nothing it started is left running', async () => {
    const running = (await statusOfServers(HOMES.demo.path)).filter((one) => one.running);
    assert.deepEqual(running, []);
  });
});
