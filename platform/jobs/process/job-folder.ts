import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JobSpec } from '../job-program.ts';
import { isAbsence } from '#platform/local-files.ts';
import type { ProcessLaunch } from './process-launcher.ts';

/**
 * What the process backend keeps about one job, one file per fact. `spec`, `claim` and `outcome` are each written whole and
 * once, by the first writer. This makes submitting, adopting and ending a job safe between processes.
 */
export interface JobFolder {
  readonly path: string;
  /** `SubmittedSpec`: which job this key stands for. */
  readonly spec: string;
  /** `ProcessMark` of the one supervisor that may run the job. */
  readonly claim: string;
  /** `StartedJob`: the job's own process, leader of its session and group. */
  readonly job: string;
  /** There when somebody asked to end the job. */
  readonly cancel: string;
  /** `JobState` of the ended job; nothing changes after it. */
  readonly outcome: string;
  readonly log: string;
  readonly termination: string;
  readonly supervisorLog: string;
  /** Where the job runs: its working and temporary folder. */
  readonly work: string;
}

/** What is kept of a spec. How it was launched is left out: an environment may hold credentials. */
export interface SubmittedSpec extends JobSpec {
  readonly digest: string;
  readonly submitted_at: string;
}

export interface ProcessMark {
  readonly pid: number;
  readonly token: string;
}

export interface StartedJob extends ProcessMark {
  readonly startedAt: string;
}

/** What a submitter tells a supervisor, on its standard input. */
export interface SupervisedJob {
  readonly spec: JobSpec;
  readonly launch: ProcessLaunch;
  /** Where programs are looked for. */
  readonly path: string;
  /** Milliseconds between asking a job to end and ending it. */
  readonly graceMs: number;
}

export function jobFolder(root: string, key: string): JobFolder {
  const path = join(root, key);
  return {
    path,
    spec: join(path, 'spec.json'),
    claim: join(path, 'claim.json'),
    job: join(path, 'job.json'),
    cancel: join(path, 'cancel.json'),
    outcome: join(path, 'outcome.json'),
    log: join(path, 'job.log'),
    termination: join(path, 'termination.txt'),
    supervisorLog: join(path, 'supervisor.log'),
    work: join(path, 'work'),
  };
}

/** The record in a file, or `undefined` while nobody has written it. */
export async function readRecord<T>(path: string): Promise<T | undefined> {
  const text = await readText(path);
  return text === undefined ? undefined : (JSON.parse(text) as T);
}

export async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}
