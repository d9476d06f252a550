import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { writeFileAtomically } from '#platform/local-files.ts';
import type { JobState } from '../job-backend.ts';
import type { JobFolder, StartedJob, SupervisedJob } from './job-folder.ts';
import type { JobProcesses } from './job-processes.ts';
import { findProcess } from './process-table.ts';

/** How a process ended: by itself, by a signal, or because it never started. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly startError?: Error;
}

/** A job that has begun and is on record. */
export interface Begun {
  readonly processes: JobProcesses;
  readonly ending: Promise<Ending>;
  readonly startedAt: string;
}

/** Throws if the job could not be put on record; in that case nothing of it has run. */
export async function beginJob(folder: JobFolder, job: SupervisedJob): Promise<Begun> {
  await mkdir(folder.work, { recursive: true });
  const child = startGated(folder, job);
  const ending = endingOf(child);
  try {
    const startedAt = new Date().toISOString();
    const leader = child.pid === undefined ? undefined : await findProcess(child.pid);
    if (leader === undefined) return { processes: { termination: folder.termination }, ending, startedAt };
    const started: StartedJob = { pid: leader.pid, token: leader.token, startedAt };
    await writeFileAtomically(folder.job, JSON.stringify(started));
    child.stdin?.write('go\n');
    return { processes: { termination: folder.termination, leader }, ending, startedAt };
  } finally {
    child.stdin?.end();
  }
}

/** The same job may be retried later: a full disk may have room by then. */
export function notBegun(error: unknown): JobState {
  const message = error instanceof Error ? error.message : String(error);
  const finishedAt = new Date().toISOString();
  return {
    phase: 'failed',
    failure: 'transient',
    message: `The job could not be started: ${message}`,
    finishedAt,
  };
}

/**
 * Waits for a line on standard input and then becomes the job, so that nothing of a job runs before it is on record.
 */
const GATE = 'read -r go && exec "$@" </dev/null';

/** Starts the job, which waits at its gate. */
function startGated(folder: JobFolder, { launch, spec, path }: SupervisedJob): ChildProcess {
  const [program, ...args] = launch.command;
  const log = openSync(folder.log, 'a', 0o600);
  const found = program.includes('/') ? resolve(program) : program;
  const child = spawn('/bin/sh', ['-c', GATE, 'sh', found, ...args], {
    cwd: folder.work,
    detached: true,
    stdio: ['pipe', log, log],
    env: {
      PATH: path,
      TMPDIR: folder.work,
      ...launch.env,
      MILLRACE_JOB_INPUT_URI: spec.input.uri,
      MILLRACE_JOB_INPUT_SHA256: spec.input.sha256,
      MILLRACE_TERMINATION_LOG: folder.termination,
    },
  });
  closeSync(log);
  // A job that was killed while it waited reads no more; its end is noticed elsewhere.
  child.stdin?.on('error', () => undefined);
  return child;
}

function endingOf(child: ChildProcess): Promise<Ending> {
  return new Promise((done) => {
    child.once('exit', (code, signal) => done({ code, signal }));
    child.once('error', (startError) => done({ code: null, signal: null, startError }));
  });
}
