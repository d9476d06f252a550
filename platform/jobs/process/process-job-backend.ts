import { spawn } from 'node:child_process';
import { openSync, closeSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readEnvironment } from '#configs/environment.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { JobBackend, JobHandle, JobHost, JobState } from '../job-backend.ts';
import {
  jobFolder,
  keysWithoutOutcome,
  readRecord,
  readText,
  type JobFolder,
  type ProcessMark,
  type StartedJob,
  type SubmittedSpec,
  type SupervisedJob,
} from './job-folder.ts';
import { readLog } from './job-log.ts';
import { endProcesses } from './job-processes.ts';
import { jobsAtOnce } from './jobs-at-once.ts';
import { localHost } from './local-host.ts';
import { localJobState, localState, type LocalFacts } from './local-state.ts';
import type { ProcessLauncher } from './process-launcher.ts';
import { assertJobKey, assertJobSpec, jobDigest, type JobSpec } from '../job-program.ts';
import { writeFileOnce } from '#platform/local-files.ts';
import { isRunning } from './process-table.ts';
import { sweepJobFolders } from './sweep-job-folders.ts';

const NAME = 'process';
const SUPERVISOR = fileURLToPath(new URL('./process-supervisor.ts', import.meta.url));
/** How long a supervisor may take to start, and, beyond the grace time, to end a job. */
const PATIENCE_MS = 30_000;
const CLAIM_LOOK_MS = 5;
const END_LOOK_MS = 50;

export interface ProcessJobOptions {
  /** Holds one folder for each job, on a disk of this machine. The workers of one machine share it. */
  readonly root: string;
  readonly launcher: ProcessLauncher;
  /** `PATH` of jobs. Default: that of this process. */
  readonly path?: string;
  /** Milliseconds that a job gets to end by itself after it is asked to. Default: 5,000. */
  readonly graceMs?: number;
  /** How many jobs this machine runs at the same time. Default: `jobsAtOnce()`. */
  readonly atOnce?: number;
}

/**
 * Runs jobs as processes of this machine. Each has a supervisor in a session of its own, so it outlives the worker, and
 * any worker that knows `root` finds it by its key. The memory limit is checked at most ten times a second, not
 * enforced by the system. `cpu` is not limited.
 */
export function createProcessJobBackend(options: ProcessJobOptions): JobBackend {
  const root = resolve(options.root);
  const path = options.path ?? readEnvironment().PATH;
  const graceMs = options.graceMs ?? 5_000;

  function folderOf(handle: JobHandle): JobFolder {
    assertJobKey(handle.key);
    return jobFolder(root, handle.key);
  }

  async function submit(spec: JobSpec): Promise<JobHandle> {
    assertJobSpec(spec);
    try {
      return await started(spec);
    } catch (error) {
      if (error instanceof Error && 'syscall' in error)
        // A fault of the machine, such as a full disk.
        throw notStarted(spec.key, error.message, { cause: error });
      throw error;
    }
  }

  async function started(spec: JobSpec): Promise<JobHandle> {
    const launch = options.launcher(spec);
    const folder = jobFolder(root, spec.key);
    await mkdir(folder.path, { recursive: true, mode: 0o700 });
    await rememberSpec(folder, spec);
    // An earlier submitter may have died at any point, so every submitter ensures that a supervisor has the job.
    if ((await readText(folder.claim)) === undefined) {
      await startSupervisor(root, folder, { spec, launch, path, graceMs });
    }
    return handleOf(spec.key);
  }

  async function handleOf(key: string): Promise<JobHandle> {
    return { backend: NAME, key, host: await localHost(root) };
  }

  async function get(handle: JobHandle): Promise<JobState> {
    const folder = folderOf(handle);
    const facts = await readFacts(folder);
    return localState(facts) === 'abandoned' ? settle(folder, facts) : localJobState(facts);
  }

  async function cancel(handle: JobHandle): Promise<void> {
    const folder = folderOf(handle);
    await mkdir(folder.path, { recursive: true, mode: 0o700 });
    await writeFileOnce(folder.cancel, JSON.stringify({ cancelled_at: new Date().toISOString() }));
    const deadline = performance.now() + graceMs + PATIENCE_MS;
    for (;;) {
      const { phase } = await get(handle);
      if (phase !== 'pending' && phase !== 'running') return;
      if (performance.now() > deadline) {
        throw new MillraceError('JOB_NOT_ENDED', `Job ${handle.key} is still ${phase}.`, {
          where: folder.path,
        });
      }
      await sleep(END_LOOK_MS);
    }
  }

  async function logs(handle: JobHandle, fromByte: number): Promise<{ text: string; nextByte: number }> {
    const folder = folderOf(handle);
    // The state is read before the log: lines written after it come with the next call.
    const complete = (await readText(folder.outcome)) !== undefined;
    return readLog(folder.log, fromByte, complete);
  }

  async function sweep(now: string): Promise<number> {
    return sweepJobFolders(root, (key) => get({ backend: NAME, key }), now);
  }

  const host: JobHost = {
    atOnce: options.atOnce ?? jobsAtOnce(),
    id: () => localHost(root),
    async unfinished() {
      const handles = await Promise.all((await keysWithoutOutcome(root)).map(handleOf));
      const phases = await Promise.all(handles.map(async (handle) => (await get(handle)).phase));
      return handles.filter((_, at) => phases[at] === 'pending' || phases[at] === 'running');
    },
  };

  return { name: NAME, host, submit, get, cancel, logs, sweep };
}

async function rememberSpec(folder: JobFolder, spec: JobSpec): Promise<void> {
  const submitted: SubmittedSpec = {
    ...spec,
    digest: jobDigest(spec),
    submitted_at: new Date().toISOString(),
  };
  // Read first: a job that runs is adopted on a full disk, too.
  const known = await readRecord<SubmittedSpec>(folder.spec);
  if (known === undefined && (await writeFileOnce(folder.spec, JSON.stringify(submitted, null, 2)))) return;
  const before = known ?? (await readRecord<SubmittedSpec>(folder.spec));
  if (before?.digest === submitted.digest) return;
  throw new MillraceError(
    'JOB_KEY_REUSED',
    `The key ${spec.key} was already used for the job "${before?.title}".`,
    {
      where: folder.path,
      details: { key: spec.key, digest: submitted.digest, earlier_digest: before?.digest ?? null },
    },
  );
}

/** Returns once a supervisor has claimed the job; it may be one that another submitter started. */
async function startSupervisor(root: string, folder: JobFolder, job: SupervisedJob): Promise<void> {
  const log = openSync(folder.supervisorLog, 'a', 0o600);
  const child = spawn(process.execPath, [SUPERVISOR, root, job.spec.key], {
    detached: true,
    stdio: ['pipe', log, log],
    // The compile cache halves the start-up time of a supervisor.
    env: { PATH: job.path, NODE_COMPILE_CACHE: join(root, '.compile-cache') },
  });
  closeSync(log);
  let gone: string | undefined;
  child.once('error', (error) => (gone = error.message));
  child.once('exit', (code, signal) => (gone = `ended with ${signal ?? code}`));
  // A supervisor that ends before it has read everything breaks the pipe; its end is noticed above.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(JSON.stringify(job));
  child.unref();
  for (const deadline = performance.now() + PATIENCE_MS; ; await sleep(CLAIM_LOOK_MS)) {
    const ended = gone;
    if ((await readText(folder.claim)) !== undefined) return;
    if (ended === undefined && performance.now() < deadline) continue;
    const why = ended ?? `not up after ${PATIENCE_MS} ms`;
    const words = (await readText(folder.supervisorLog))?.trim().slice(-2000) ?? '';
    throw notStarted(job.spec.key, `its supervisor ${why}: ${words}`, { where: folder.path });
  }
}

function notStarted(key: string, why: string, more: { where?: string; cause?: unknown }): MillraceError {
  return new MillraceError('JOB_NOT_STARTED', `Job ${key} could not be started on this machine: ${why}`, {
    where: `job ${key}`,
    details: { job: key },
    ...more,
  });
}

/**
 * The order matters: a supervisor writes the outcome before it ends, so one that is gone has written it or never will.
 */
async function readFacts(folder: JobFolder): Promise<LocalFacts> {
  const claim = await readRecord<ProcessMark>(folder.claim);
  if (claim === undefined) {
    const cancelled = (await readText(folder.cancel)) !== undefined;
    const submitted = (await readText(folder.spec)) !== undefined;
    return { supervisor: 'none', cancelled, submitted };
  }
  const supervisor = (await isRunning(claim)) ? 'running' : 'gone';
  const outcome = await readRecord<JobState>(folder.outcome);
  const job = outcome === undefined ? await readRecord<StartedJob>(folder.job) : undefined;
  return { supervisor, submitted: true, cancelled: false, job, outcome };
}

/** The supervisor is gone without an outcome. The job may still run, so it is ended first: `lost` is final. */
async function settle(folder: JobFolder, facts: LocalFacts): Promise<JobState> {
  const leader = facts.job;
  const gone = await endProcesses(
    { termination: folder.termination, ...(leader === undefined ? {} : { leader }) },
    0,
  );
  if (!gone) return localJobState(facts);
  const cancelled = (await readText(folder.cancel)) !== undefined;
  const state: JobState = {
    ...(cancelled
      ? {
          phase: 'failed',
          failure: 'cancelled',
          message: 'The job was cancelled, and its supervisor is gone.',
        }
      : { phase: 'lost', message: 'The supervisor of the job is gone without an outcome.' }),
    ...(leader === undefined ? {} : { startedAt: leader.startedAt }),
    finishedAt: new Date().toISOString(),
  };
  await writeFileOnce(folder.outcome, JSON.stringify(state));
  return (await readRecord<JobState>(folder.outcome)) ?? state;
}
