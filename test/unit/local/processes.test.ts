import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { markOf, tryLock } from '#local/lock.ts';
import { endProcess, killProcess, saysReady, startProcess, statusOfProcesses } from '#local/processes.ts';
import { logOf, type ProcessSpec } from '#local/launch.ts';
import { listRecords, readRecord, writeRecord } from '#local/records.ts';

const home = mkdtempSync(join(tmpdir(), 'millrace-processes-'));
after(async () => {
  for (const { name } of listRecords(home)) await endProcess(home, name, 0);
  rmSync(home, { recursive: true, force: true });
});

const READY_AND_WAIT = `console.log('{"ready":true}'); setInterval(() => {}, 1000);`;

function node(name: string, script: string, env: Record<string, string> = {}): ProcessSpec {
  return { name, command: [process.execPath, '-e', script], env, ready: saysReady, readyWithinMs: 10_000 };
}

describe('a kept process', () => {
  it('is adopted by the next start, and replaced when it was started otherwise', async () => {
    const first = await startProcess(home, node('keeps', READY_AND_WAIT));
    const again = await startProcess(home, node('keeps', READY_AND_WAIT));
    assert.deepEqual([first.adopted, again.adopted], [false, true]);
    assert.equal(again.record.pid, first.record.pid);

    const other = await startProcess(home, node('keeps', READY_AND_WAIT, { MILLRACE_X: '1' }));
    assert.equal(other.adopted, false);
    assert.equal(await markOf(first.record.pid), undefined);
    await endProcess(home, 'keeps');
    assert.deepEqual(await statusOfProcesses(home), []);
  });

  it('that died stands in the status, and comes up again', async () => {
    await startProcess(home, node('dies', READY_AND_WAIT));
    await killProcess(home, 'dies');
    const [status] = await statusOfProcesses(home);
    assert.deepEqual([status?.name, status?.running], ['dies', false]);
    const again = await startProcess(home, node('dies', READY_AND_WAIT));
    assert.equal(again.adopted, false);
    assert.equal(logOf(again.record), '{"ready":true}\n', 'what an earlier run wrote does not count');
    await endProcess(home, 'dies');
  });

  it('that does not come up is reported with the end of its log', async () => {
    await assert.rejects(
      startProcess(home, node('broken', `console.error('no such table'); process.exit(4)`)),
      /broken ended at once[^]*no such table/,
    );
    await assert.rejects(
      startProcess(home, { ...node('absent', ''), command: ['millrace-no-such-program'] }),
      /absent did not start/,
    );
    await endProcess(home, 'broken');
  });

  it('that ignores SIGTERM is killed after its grace time, with what it started', async () => {
    const script = `process.on('SIGTERM', () => {});
      const child = require('node:child_process').spawn('sleep', ['600']);
      console.log('{"ready":true,"child":' + child.pid + '}'); setInterval(() => {}, 1000);`;
    const { record } = await startProcess(home, node('stubborn', script));
    const child = Number(/"child":(\d+)/.exec(logOf(record))?.[1]);
    await endProcess(home, 'stubborn', 200);
    assert.equal(await markOf(record.pid), undefined);
    assert.equal(await markOf(child), undefined);
  });

  it('is left alone when its pid now belongs to somebody else', async () => {
    const bystander = spawn('sleep', ['600'], { stdio: 'ignore' });
    const { pid } = bystander;
    assert.ok(pid !== undefined);
    try {
      const mark = await markOf(pid);
      const record = {
        name: 'reused',
        command: [],
        digest: '',
        log: '',
        logStart: 0,
        startedAt: '',
        launch: '',
      };
      writeRecord(home, { ...record, pid, token: `${mark?.token ?? ''}0` });
      await endProcess(home, 'reused', 0);
      assert.deepEqual(await markOf(pid), mark);
      assert.equal(readRecord(home, 'reused'), undefined);
    } finally {
      bystander.kill('SIGKILL');
    }
  });
});

describe('a lock', () => {
  it('names its holder, and is free again after release', async () => {
    const path = join(home, 'a.lock');
    const first = await tryLock(path);
    assert.ok('held' in first);
    const second = await tryLock(path);
    assert.ok('holder' in second);
    assert.equal(second.holder.pid, process.pid);
    first.held.release();
    const third = await tryLock(path);
    assert.ok('held' in third);
    third.held.release();
  });

  it('of a dead holder is taken over', async () => {
    const path = join(home, 'stale.lock');
    writeFileSync(path, JSON.stringify({ pid: process.pid, token: 'of an earlier process' }));
    const got = await tryLock(path);
    assert.ok('held' in got);
    got.held.release();
  });
});
