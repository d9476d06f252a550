import type { JobSpec } from './job-program.ts';

/** Phase of an outside job. `lost`: the backend no longer knows it, so how it ended is unknown. */
export type JobPhase = 'pending' | 'running' | 'succeeded' | 'failed' | 'lost';

/** Identifies the job for any worker, so the job's record and heartbeats hold it. */
export interface JobHandle {
  readonly backend: string;
  readonly key: string;
  /** How the backend itself names the job, where it cannot be found by its key (a job run of EMR). */
  readonly id?: string;
}

/** Why a job failed, which decides what may be tried next. */
export type JobFailure =
  'user' | 'input' | 'transient' | 'out_of_memory' | 'preempted' | 'timeout' | 'cancelled' | 'crash';

export interface JobState {
  readonly phase: JobPhase;
  readonly exitCode?: number;
  readonly failure?: JobFailure;
  /** What the job itself said of its failure (its termination message), or the last lines of its log. */
  readonly message?: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  /** Most bytes of resident memory seen, where the backend measures it. */
  readonly peakBytes?: number;
}

/**
 * The exit-code contract of every job, on every backend. Out of memory is also read from the backend (a killed process
 * group, a pod's `OOMKilled`), never guessed from 137 alone.
 */
export const EXIT = { ok: 0, user: 10, input: 20, transient: 75, preempted: 76, outOfMemory: 77 } as const;

/** One way to run outside jobs: a local process group, a Kubernetes Job, an EMR job run. */
export interface JobBackend {
  /** Stands in the records of its jobs, so it never changes. */
  readonly name: string;
  /**
   * Starts the job, or adopts the one with the same key. The launcher passes URI and SHA-256 of the input on; the program
   * reads it. Throws `JOB_KEY_REUSED` when the key was used for something else, `JOB_SPEC_INVALID` for what cannot run here.
   */
  submit(spec: JobSpec): Promise<JobHandle>;
  get(handle: JobHandle): Promise<JobState>;
  /** The log from `fromByte` on (UTF-8) and the offset to go on from. */
  logs(handle: JobHandle, fromByte: number): Promise<{ readonly text: string; readonly nextByte: number }>;
  /** Ends the job and everything it started; idempotent, returns once it is gone. */
  cancel(handle: JobHandle): Promise<void>;
  /**
   * Drops what is kept of jobs that ended long before `now` (ISO-8601 UTC), and returns how many they were. How such a job
   * ended stays known for as long as somebody may submit its key again.
   */
  sweep(now: string): Promise<number>;
}
