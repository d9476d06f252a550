import { setTimeout as sleep } from 'node:timers/promises';
import type { JobBackend, JobHandle, JobState } from '#platform/jobs/job-backend.ts';
import type { JobProgram, JobSpec } from '#platform/jobs/job-program.ts';
import { placeInput } from '#platform/jobs/place-input.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';

/** What the contract's program can do; `fixtures/steps.py` is that program for backends that run Python. */
export interface Step {
  /** A line on standard output. */
  readonly say?: string;
  /** A line on standard error. */
  readonly complain?: string;
  /** Hex of raw bytes on standard output. */
  readonly bytes?: string;
  /** The member `data` of its input, as JSON on a line. */
  readonly say_data?: true;
  /** Values of these environment variables, each in brackets. */
  readonly say_variables?: readonly string[];
  /** Its termination message. */
  readonly explain?: string;
  /** Seconds. */
  readonly sleep?: number;
  readonly allocate_mib?: number;
  readonly ignore_sigterm?: true;
  /** Ends itself by this signal. */
  readonly kill?: 'SIGKILL';
  readonly exit?: number;
}

export interface StepsJob {
  readonly steps: readonly Step[];
  readonly data?: unknown;
}

/** One backend with its servers, and what the contract needs of it. */
export interface JobBackendUnderTest extends AsyncDisposable {
  /** One more client of the same jobs, as another worker would have it. */
  open(): JobBackend;
  /** A store that jobs on this backend reach. */
  readonly objects: ObjectStore;
  /** Name under which the backend's launcher knows the program that takes steps. */
  readonly stepsProgram: string;
  /** Takes the machine away from under a job that runs, without a word to it. */
  loseMachine(handle: JobHandle): Promise<void>;
}

let made = 0;
/** A job of a new key that takes these steps; its input is in the store. */
export async function stepsJob(
  under: Pick<JobBackendUnderTest, 'objects' | 'stepsProgram'>,
  job: readonly Step[] | StepsJob,
  more: Partial<JobProgram> = {},
): Promise<JobSpec> {
  const key = `test-${process.pid}-${Date.now().toString(36)}-${made++}`;
  return placeInput(under.objects, {
    key,
    program: under.stepsProgram,
    version: '1',
    role: 'test',
    input: 'steps' in job ? job : { steps: job },
    output: under.objects.uri(`jobs/${key}/`),
    resources: { cpu: 1, memoryMiB: 256 },
    timeoutSeconds: 60,
    title: 'contract test',
    labels: { suite: 'contract' },
    ...more,
  });
}

/** Polls until the job has ended. */
export async function finished(jobs: JobBackend, handle: JobHandle): Promise<JobState> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(20)) {
    const state = await jobs.get(handle);
    if (state.phase !== 'pending' && state.phase !== 'running') return state;
  }
  throw new Error(`job ${handle.key} has not ended within a minute`);
}

/** Polls until the log holds this text, and returns the whole log. */
export async function logWith(jobs: JobBackend, handle: JobHandle, part: string): Promise<string> {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await sleep(20)) {
    const { text } = await jobs.logs(handle, 0);
    if (text.includes(part)) return text;
  }
  throw new Error(`the log of ${handle.key} never held "${part}"`);
}
