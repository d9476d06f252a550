import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { hasVariable, listProcesses } from '#platform/jobs/process/process-table.ts';
import { findRecord, killGroup, type ProcessSpec } from '#local/launch.ts';
import { endProcess, saysReady, startProcess } from '#local/processes.ts';
import { readRecord, removeRecord, writeRecord } from '#local/records.ts';
import { writeWhole } from '#local/write-whole.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-full-disk-'));
const disk = join(folder, 'disk');
const PAGE = 4096;
/** Marks what a test starts, so that one that its home does not know is found all the same. */
const mark = randomUUID();
const mounted = mountSmallDisk();
after(() => {
  if (mounted) execFileSync('umount', [disk]);
  rmSync(folder, { recursive: true, force: true });
});

/** A disk of 64 KiB; only root may mount one. */
function mountSmallDisk(): boolean {
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function fill(file: string, bytes: number): void {
  try {
    writeFileSync(file, Buffer.alloc(bytes));
  } catch (error) {
    assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC');
  }
}

const waits: ProcessSpec = {
  name: 'waits',
  command: [process.execPath, '-e', `setInterval(() => {}, 1000);`],
  env: { MILLRACE_TEST_MARK: mark },
  ready: () => Promise.resolve(true),
};

async function startedProcesses(): Promise<readonly number[]> {
  const all = await listProcesses();
  return all.filter(({ pid }) => hasVariable(pid, 'MILLRACE_TEST_MARK', mark)).map(({ pid }) => pid);
}

const onSmallDisk = mounted ? {} : { skip: 'needs root, to mount a small disk' };
const onLinux = { skip: process.platform !== 'linux' };

describe('a home on a full disk', { concurrency: false }, () => {
  it('starts what it can record and nothing else, and says why', onSmallDisk, async () => {
    const outcomes: string[] = [];
    for (let freePages = 0; freePages <= 4; freePages += 1) {
      rmSync(join(disk, 'home'), { recursive: true, force: true });
      mkdirSync(join(disk, 'home'));
      writeFileSync(join(disk, 'spare'), Buffer.alloc(freePages * PAGE));
      fill(join(disk, 'filler'), 64 * 1024);
      rmSync(join(disk, 'spare'));
      const outcome = await startProcess(join(disk, 'home'), waits).then(
        () => 'started',
        (error: Error) => error.message,
      );
      outcomes.push(outcome);
      const known = readRecord(join(disk, 'home'), 'waits')?.pid;
      const expected = outcome === 'started' ? [known] : [];
      assert.deepEqual(await startedProcesses(), expected, `with ${String(freePages)} pages: ${outcome}`);
      await endProcess(join(disk, 'home'), 'waits', 0);
      rmSync(join(disk, 'filler'));
    }
    assert.match(outcomes[0] ?? '', /^Cannot write .*waits\.json: no space is left on its disk$/);
    assert.equal(outcomes.at(-1), 'started');
  });

  it('kills a process whose pid it cannot record', onSmallDisk, async () => {
    const home = join(disk, 'home');
    rmSync(home, { recursive: true, force: true });
    mkdirSync(home);
    writeFileSync(join(disk, 'spare'), Buffer.alloc(PAGE));
    fill(join(disk, 'filler'), 64 * 1024);
    rmSync(join(disk, 'spare'));
    // One page holds the record that is written first, and not its successor beside it.
    const planned = {
      name: 'waits',
      command: [],
      digest: '',
      log: '',
      logStart: 0,
      startedAt: '',
      launch: '',
    };
    writeRecord(home, { ...planned, pid: 0, token: '' });
    removeRecord(home, 'waits');
    await assert.rejects(startProcess(home, waits), /no space is left on its disk/);
    assert.deepEqual(await startedProcesses(), []);
    assert.equal(readRecord(home, 'waits'), undefined);
    rmSync(join(disk, 'filler'));
  });

  it('keeps the file that it had', onSmallDisk, () => {
    const path = join(disk, 'cli.json');
    writeWhole(path, 'old');
    fill(join(disk, 'filler'), 64 * 1024);
    assert.throws(() => writeWhole(path, 'new '.repeat(3000)), /Cannot write .*cli\.json: no space is left/);
    assert.equal(readFileSync(path, 'utf8'), 'old');
    rmSync(join(disk, 'filler'));
  });
});

describe('a home that cannot be written', { concurrency: false }, () => {
  it('starts nothing', async () => {
    const home = join(folder, 'no-records');
    mkdirSync(home);
    writeFileSync(join(home, 'processes'), 'a file where the folder of records should be');
    await assert.rejects(startProcess(home, waits));
    assert.deepEqual(await startedProcesses(), []);
  });
});

describe('a record', { concurrency: false }, () => {
  it('leads to its process although the launcher was killed before it noted the pid', onLinux, async () => {
    const home = join(folder, 'killed-launcher');
    const { record } = await startProcess(home, waits);
    try {
      writeRecord(home, { ...record, pid: 0, token: '' });
      assert.equal((await findRecord(home, 'waits'))?.pid, record.pid);
      await endProcess(home, 'waits', 5_000);
      assert.deepEqual(await startedProcesses(), []);
    } finally {
      killGroup(record.pid);
    }
  });

  it('whose process was never started leads to none', async () => {
    const home = join(folder, 'never-started');
    const { record } = await startProcess(home, { ...waits, ready: saysReady, readyWithinMs: 1 }).catch(
      () => ({ record: readRecord(home, 'waits') }),
    );
    await endProcess(home, 'waits', 0);
    assert.ok(record);
    writeRecord(home, { ...record, pid: 0, token: '', launch: randomUUID() });
    assert.equal((await findRecord(home, 'waits'))?.pid, 0);
    await endProcess(home, 'waits');
    assert.equal(readRecord(home, 'waits'), undefined);
  });
});
