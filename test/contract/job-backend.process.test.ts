import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readEnvironment, storageEnvironment } from '#configs/environment.ts';
import type { JobBackend, JobHandle } from '#platform/jobs/job-backend.ts';
import type { JobSpec } from '#platform/jobs/job-program.ts';
import { jobFolder, type ProcessMark, type StartedJob } from '#platform/jobs/process/job-folder.ts';
import { createProcessJobBackend } from '#platform/jobs/process/process-job-backend.ts';
import { findProcess } from '#platform/jobs/process/process-table.ts';
import type { ProcessLauncher } from '#platform/jobs/process/process-launcher.ts';
import { commandJob, commandLauncher, shellJob } from '#test/support/command-jobs.ts';
import { freshBucket } from '#test/support/stores.ts';
import { jobBackendContract } from './job-backend.contract.ts';
import { finished, logWith, type JobBackendUnderTest } from './job-steps.ts';

const WORKER = fileURLToPath(new URL('./fixtures/submit-jobs.ts', import.meta.url));
const STEPS = fileURLToPath(new URL('./fixtures/steps.py', import.meta.url));
const SUPERVISOR = fileURLToPath(
  new URL('../../platform/jobs/process/process-supervisor.ts', import.meta.url),
);

interface LocalJobs extends AsyncDisposable {
  readonly root: string;
  open(): JobBackend;
}

async function localJobs(launcher: ProcessLauncher = commandLauncher()): Promise<LocalJobs> {
  const root = await mkdtemp(join(tmpdir(), 'jobs-'));
  const open = (): JobBackend => createProcessJobBackend({ root, launcher, graceMs: 500 });
  return {
    root,
    open,
    async [Symbol.asyncDispose]() {
      // Also when a test failed in the middle, no job of it may stay behind.
      const keys = (await readdir(root)).filter((name) => !name.startsWith('.'));
      await Promise.all(keys.map((key) => open().cancel({ backend: 'process', key })));
      await rm(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function localJobsUnderTest(): Promise<JobBackendUnderTest> {
  const env = readEnvironment();
  await using opened = new AsyncDisposableStack();
  const objects = opened.use(await freshBucket());
  const command = [env.MILLRACE_PYTHON, STEPS] as const;
  const others = commandLauncher();
  const local = opened.use(
    await localJobs((spec) =>
      spec.program === 'steps' ? { command, env: storageEnvironment(env) } : others(spec),
    ),
  );
  const resources = opened.move();
  return {
    objects,
    open: () => local.open(),
    stepsProgram: 'steps',
    loseMachine: async ({ key }) => killSupervisor(local.root, key),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

async function killSupervisor(root: string, key: string): Promise<void> {
  process.kill((await readJson<ProcessMark>(jobFolder(root, key).claim)).pid, 'SIGKILL');
}

jobBackendContract('local processes', localJobsUnderTest);

async function untilGone(pid: number): Promise<void> {
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; await sleep(20)) {
    const found = await findProcess(pid);
    if (found === undefined || found.defunct) return;
  }
  throw new Error(`process ${pid} is still there`);
}

function pidsIn(log: string): number[] {
  return [...log.matchAll(/pid (\d+)/g)].map((match) => Number(match[1]));
}

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(path, 'utf8')) as T;
}

/** A process group of its own that submits the job and stays, as a worker does, until it is killed. */
async function worker(root: string, spec: JobSpec, times = 1): Promise<AsyncDisposable> {
  const child = spawn(process.execPath, [WORKER, JSON.stringify(spec), root, String(times)], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(child, 'exit');
  await Promise.race([once(child.stdout, 'data'), gone]);
  return {
    async [Symbol.asyncDispose]() {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
      await gone;
    },
  };
}

describe('local processes: crashes and strays', { concurrency: 4 }, () => {
  let local: LocalJobs;
  let jobs: JobBackend;
  before(async () => {
    local = await localJobs();
    jobs = local.open();
  });
  after(async () => {
    await local[Symbol.asyncDispose]();
  });
  const handleOf = (spec: JobSpec): JobHandle => ({ backend: jobs.name, key: spec.key });

  it('keeps a job running when its worker and all of its group are killed with -9', async () => {
    const spec = shellJob('echo started; sleep 1.5; echo finished');
    {
      await using _worker = await worker(local.root, spec);
      await logWith(jobs, handleOf(spec), 'started');
    }
    assert.equal((await jobs.logs(handleOf(spec), 0)).text, 'started\n');
    await jobs.submit(spec);
    assert.equal((await finished(jobs, handleOf(spec))).phase, 'succeeded');
    assert.equal((await jobs.logs(handleOf(spec), 0)).text, 'started\nfinished\n');
  });

  it('starts one process for twenty submits from four workers at once', async () => {
    const spec = shellJob('echo "pid $$"; sleep 1');
    await using workers = new AsyncDisposableStack();
    for (const one of await Promise.all([1, 2, 3, 4].map(() => worker(local.root, spec, 5))))
      workers.use(one);
    assert.equal((await finished(jobs, handleOf(spec))).phase, 'succeeded');
    assert.equal(pidsIn((await jobs.logs(handleOf(spec), 0)).text).length, 1);
  });

  it('starts a job whose submitter died after it had written the spec', async () => {
    const spec = shellJob('echo ran');
    const elsewhere = await localJobs();
    await elsewhere.open().submit(spec);
    const [from, to] = [jobFolder(elsewhere.root, spec.key), jobFolder(local.root, spec.key)];
    await mkdir(to.path);
    await cp(from.spec, to.spec);
    await finished(elsewhere.open(), handleOf(spec));
    await elsewhere[Symbol.asyncDispose]();
    assert.equal((await jobs.get(handleOf(spec))).phase, 'pending');
    await jobs.submit(spec);
    assert.equal((await finished(jobs, handleOf(spec))).phase, 'succeeded');
  });

  it('starts a job whose submitter died while it told the supervisor what to do', async () => {
    const spec = shellJob('echo ran');
    await mkdir(jobFolder(local.root, spec.key).path);
    const child = spawn(process.execPath, [SUPERVISOR, local.root, spec.key], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    child.stdin.end('{"spec":{"key":');
    await once(child, 'exit');
    await jobs.submit(spec);
    assert.equal((await finished(jobs, handleOf(spec))).phase, 'succeeded');
    assert.equal((await jobs.logs(handleOf(spec), 0)).text, 'ran\n');
  });

  it('calls a job lost whose supervisor was killed, and has ended it before it says so', async () => {
    const spec = shellJob('echo "pid $$"; sleep 60');
    await jobs.submit(spec);
    const [pid = 0] = pidsIn(await logWith(jobs, handleOf(spec), 'pid'));
    const claim = await readJson<ProcessMark>(jobFolder(local.root, spec.key).claim);
    process.kill(claim.pid, 'SIGKILL');
    const state = await finished(jobs, handleOf(spec));
    assert.equal(state.phase, 'lost');
    await untilGone(pid);
    assert.deepEqual(await local.open().get(handleOf(spec)), state);
    await jobs.cancel(handleOf(spec));
    await jobs.submit(spec);
    assert.deepEqual(await jobs.get(handleOf(spec)), state);
  });

  it('ends children, grandchildren and daemons of a cancelled job', async () => {
    const spec = shellJob(
      'sh -c \'trap "" TERM; echo "pid $$"; sh -c "echo pid \\$\\$; sleep 60" & wait\' &' +
        ' setsid sh -c \'echo "pid $$"; sleep 60\' & echo "pid $$"; wait',
    );
    await jobs.submit(spec);
    let pids: number[] = [];
    while (pids.length < 4) pids = pidsIn(await logWith(jobs, handleOf(spec), 'pid'));
    await jobs.cancel(handleOf(spec));
    for (const pid of pids) await untilGone(pid);
  });

  it('ends what a job that succeeded left in the background', async () => {
    const spec = shellJob(
      'sh -c \'echo "pid $$"; sleep 60\' & setsid sh -c \'echo "pid $$"; sleep 60\' & sleep 0.3',
    );
    await jobs.submit(spec);
    assert.equal((await finished(jobs, handleOf(spec))).phase, 'succeeded');
    const pids = pidsIn(await logWith(jobs, handleOf(spec), 'pid'));
    assert.equal(pids.length, 2);
    for (const pid of pids) await untilGone(pid);
  });

  it('never starts a job that was cancelled before its start', async () => {
    const spec = shellJob('echo ran');
    await jobs.cancel(handleOf(spec));
    await jobs.submit(spec);
    assert.equal((await finished(jobs, handleOf(spec))).failure, 'cancelled');
    assert.equal((await jobs.logs(handleOf(spec), 0)).text, '');
  });

  it('reports a job as preempted when the machine tells its supervisor to end', async () => {
    const spec = shellJob('echo "pid $$"; sleep 60');
    await jobs.submit(spec);
    const [pid = 0] = pidsIn(await logWith(jobs, handleOf(spec), 'pid'));
    process.kill((await readJson<ProcessMark>(jobFolder(local.root, spec.key).claim)).pid, 'SIGTERM');
    assert.equal((await finished(jobs, handleOf(spec))).failure, 'preempted');
    await untilGone(pid);
  });

  it('does not take a process that was given the pid of a dead supervisor for that supervisor', async () => {
    const spec = shellJob('sleep 60');
    await jobs.submit(spec);
    const folder = jobFolder(local.root, spec.key);
    while ((await jobs.get(handleOf(spec))).phase === 'pending') await sleep(10);
    const claim = await readJson<ProcessMark>(folder.claim);
    const job = await readJson<StartedJob>(folder.job);
    process.kill(claim.pid, 'SIGKILL');
    await untilGone(claim.pid);
    await writeFile(folder.claim, JSON.stringify({ ...claim, pid: process.pid }));
    assert.equal((await jobs.get(handleOf(spec))).phase, 'lost');
    await untilGone(job.pid);
  });

  it('says why a program could not be started', async () => {
    const spec = commandJob(['no-such-program']);
    await jobs.submit(spec);
    const state = await finished(jobs, handleOf(spec));
    assert.equal(state.failure, 'crash');
    assert.match(state.message ?? '', /no-such-program: not found/);
  });

  it('adds up the memory of all processes of a job', async () => {
    const eat = `${process.execPath} -e "globalThis.kept = Buffer.alloc(100e6, 1); setTimeout(() => {}, 20000)"`;
    const spec = shellJob(`${eat} & ${eat} & ${eat} & wait`, { resources: { cpu: 1, memoryMiB: 250 } });
    await jobs.submit(spec);
    assert.equal((await finished(jobs, handleOf(spec))).failure, 'out_of_memory');
  });

  it('counts memory that forked processes share once', { skip: process.platform !== 'linux' }, async () => {
    const fork = [
      'import os, time',
      'kept = bytearray(b"x") * 100_000_000',
      'pids = []',
      'for _ in range(4):',
      '    pid = os.fork()',
      '    if pid == 0:',
      '        time.sleep(1.5); os._exit(0)',
      '    pids.append(pid)',
      'for pid in pids: os.waitpid(pid, 0)',
    ].join('\n');
    const spec = commandJob(['python3', '-c', fork], { resources: { cpu: 1, memoryMiB: 250 } });
    await jobs.submit(spec);
    const state = await finished(jobs, handleOf(spec));
    assert.equal(state.phase, 'succeeded', state.message);
    assert.ok((state.peakBytes ?? 0) > 95e6);
  });

  it('leaves of a swept job its spec, claim and outcome, and after a hundred days nothing', async () => {
    await using own = await localJobs();
    const of = own.open();
    const spec = shellJob('echo ran; head -c 100000 /dev/zero > left-over');
    await of.submit(spec);
    const { finishedAt = '' } = await finished(of, handleOf(spec));
    const after = (days: number): string =>
      new Date(Date.parse(finishedAt) + days * 24 * 3_600_000 + 1_000).toISOString();
    await of.sweep(after(7));
    const folder = jobFolder(own.root, spec.key);
    assert.deepEqual((await readdir(folder.path)).sort(), ['claim.json', 'outcome.json', 'spec.json']);

    await mkdir(join(own.root, '.swept-cut-short'));
    assert.equal(await of.sweep(after(100)), 1);
    assert.deepEqual((await readdir(own.root)).sort(), ['.compile-cache', '.host']);
    await of.submit(spec);
    assert.equal((await finished(of, handleOf(spec))).phase, 'succeeded');
  });

  it('ends and drops, a week later, what a job left whose supervisor died unseen', async () => {
    await using own = await localJobs();
    const of = own.open();
    const spec = shellJob('echo "pid $$"; sleep 60');
    await of.submit(spec);
    const [pid = 0] = pidsIn(await logWith(of, handleOf(spec), 'pid'));
    const folder = jobFolder(own.root, spec.key);
    const claim = await readJson<ProcessMark>(folder.claim);
    process.kill(claim.pid, 'SIGKILL');
    await untilGone(claim.pid);
    const inDays = (days: number): string => new Date(Date.now() + days * 24 * 3_600_000).toISOString();
    await of.sweep(inDays(6));
    assert.equal((await findProcess(pid))?.defunct, false);
    await of.sweep(inDays(8));
    await untilGone(pid);
    assert.equal((await of.get({ backend: of.name, key: spec.key })).phase, 'lost');
  });

  it('says how much memory a job had when it was ended for it', async () => {
    const script = 'const kept = []; setInterval(() => kept.push(Buffer.alloc(16e6, 1)), 20);';
    const spec = commandJob([process.execPath, '-e', script], { resources: { cpu: 1, memoryMiB: 200 } });
    await jobs.submit(spec);
    const state = await finished(jobs, handleOf(spec));
    assert.deepEqual([state.phase, state.failure], ['failed', 'out_of_memory']);
    assert.ok((state.peakBytes ?? 0) > 150 * 1024 * 1024, `${state.peakBytes}`);
  });

  it('runs nothing of a job that it cannot put on record', async () => {
    const spec = shellJob('echo ran');
    const folder = jobFolder(local.root, spec.key);
    // No file can take the place of a folder, as none can be written on a full disk.
    await mkdir(folder.job, { recursive: true });
    await jobs.submit(spec);
    const outcome = async () => (await readdir(folder.path)).includes(basename(folder.outcome));
    for (const deadline = Date.now() + 30_000; !(await outcome()); await sleep(20)) {
      assert.ok(Date.now() < deadline);
    }
    await rm(folder.job, { recursive: true });
    const state = await jobs.get(handleOf(spec));
    assert.deepEqual([state.phase, state.failure], ['failed', 'transient']);
    assert.match(state.message ?? '', /^The job could not be started: /);
    assert.equal((await jobs.logs(handleOf(spec), 0)).text, '');
  });

  it('writes no value of the environment to disk', async () => {
    await using own = await localJobs(commandLauncher({ AWS_SECRET_ACCESS_KEY: 'do-not-write-this' }));
    const of = own.open();
    const spec = shellJob('echo "$AWS_SECRET_ACCESS_KEY" | wc -c');
    await of.submit(spec);
    await finished(of, handleOf(spec));
    assert.equal((await of.logs(handleOf(spec), 0)).text.trim(), '18');
    const folder = jobFolder(own.root, spec.key);
    for (const path of [folder.spec, folder.claim, folder.job, folder.outcome, folder.supervisorLog]) {
      assert.doesNotMatch(await readFile(path, 'utf8'), /do-not-write-this/);
    }
  });
});
