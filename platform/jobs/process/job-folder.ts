import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isJobKey, type JobSpec } from '../job-program.ts';
import { isAbsence } from '#platform/local-files.ts';
import type { ProcessLaunch } from './process-launcher.ts';

/**
 * What the process backend stores about one job, one file per fact. `spec`, `claim` and `outcome` are written whole and
 * only once, by the first writer. This makes submitting, adopting and ending a job safe between processes.
 */
export interface JobFolder {
  readonly path: string;
  /** `SubmittedSpec`: which job this key stands for. */
  readonly spec: string;
  /** `ProcessMark` of the one supervisor that may run the job. */
  readonly claim: string;
  /** `StartedJob`: the job's own process, leader of its session and group. */
  readonly job: string;
  /** Exists if someone asked to end the job. */
  readonly cancel: string;
  /** `JobState` of the ended job. Nothing changes after it. */
  readonly outcome: string;
  readonly log: string;
  readonly termination: string;
  readonly supervisorLog: string;
  /** Where the job runs: its working and temporary folder. */
  readonly work: string;
}

/** The stored part of a spec. The launch is left out, because its environment may hold credentials. */
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

/** What a submitter passes to a supervisor on standard input. */
export interface SupervisedJob {
  readonly spec: JobSpec;
  readonly launch: ProcessLaunch;
  /** `PATH` of the job. */
  readonly path: string;
  /** Milliseconds between the request to end and the kill. */
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

/** The record in a file; `undefined` while it has not been written. */
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

/** Keys of jobs that may not have ended, among the folders in `root`. */
export async function keysWithoutOutcome(root: string): Promise<readonly string[]> {
  const keys = (await namesIn(root)).filter(isJobKey);
  const ended = await Promise.all(keys.map((key) => exists(jobFolder(root, key).outcome)));
  return keys.filter((_, at) => ended[at] !== true);
}

/** Names in a folder, which need not exist. */
export async function namesIn(path: string): Promise<readonly string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if (isAbsence(error)) return [];
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (isAbsence(error)) return false;
    throw error;
  }
}
