import type { JobSpec } from './job-program.ts';

/** Phase of an outside job. `lost`: the backend no longer knows the job, so its outcome is unknown. */
export type JobPhase = 'pending' | 'running' | 'succeeded' | 'failed' | 'lost';

/** Identifies the job to any worker. The job's record and its heartbeats hold it. */
export interface JobHandle {
  readonly backend: string;
  readonly key: string;
  /** The backend's own name for the job, if the job cannot be found by its key (such as the id of an EMR job run). */
  readonly id?: string;
  /** The machine that has the job, if only that machine can reach it. */
  readonly host?: string;
}

/** Why a job failed. It decides what is tried next. */
export type JobFailure =
  'user' | 'input' | 'transient' | 'out_of_memory' | 'preempted' | 'timeout' | 'cancelled' | 'crash';

export interface JobState {
  readonly phase: JobPhase;
  readonly exitCode?: number;
  readonly failure?: JobFailure;
  /** The job's own description of its failure (its termination message), or the last lines of its log. */
  readonly message?: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  /** Peak resident memory in bytes, if the backend measures it. */
  readonly peakBytes?: number;
}

/**
 * The exit-code contract of every job, on every backend. Out of memory is also reported by the backend (a killed
 * process group, a pod's `OOMKilled`); it is never inferred from 137 alone.
 */
export const EXIT = { ok: 0, user: 10, input: 20, transient: 75, preempted: 76, outOfMemory: 77 } as const;

/** The machine that a backend's jobs are bound to: other machines cannot see them. */
export interface JobHost {
  /** How many jobs it runs at the same time. */
  readonly atOnce: number;
  /** Stays the same over restarts, and differs from that of every other machine: at most 60 of [a-z0-9-]. */
  id(): Promise<string>;
  /** Jobs on this machine that have not ended, whoever watches them. */
  unfinished(): Promise<readonly JobHandle[]>;
}

/** One way to run outside jobs: a local process group, a Kubernetes Job, an EMR job run. */
export interface JobBackend {
  /** Stored in the records of its jobs, so it must never change. */
  readonly name: string;
  /** Missing if every worker reaches every job. */
  readonly host?: JobHost;
  /**
   * Starts the job, or adopts the one with the same key. The launcher passes on URI and SHA-256 of the input, and the
   * program reads it. Throws `JOB_KEY_REUSED` if the key was used for another job, and `JOB_SPEC_INVALID` if the
   * program cannot run here.
   */
  submit(spec: JobSpec): Promise<JobHandle>;
  get(handle: JobHandle): Promise<JobState>;
  /** The log from `fromByte` on (UTF-8), and the offset of the next part. */
  logs(handle: JobHandle, fromByte: number): Promise<{ readonly text: string; readonly nextByte: number }>;
  /** Ends the job and everything that it started. Idempotent; returns once the job is gone. */
  cancel(handle: JobHandle): Promise<void>;
  /**
   * Deletes the data of jobs that ended long before `now` (ISO 8601, UTC), and returns the number of these jobs. The
   * outcome of such a job stays known for as long as its key may be submitted again.
   */
  sweep(now: string): Promise<number>;
}
