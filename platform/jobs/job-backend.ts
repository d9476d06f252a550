/** Where an outside job stands. `lost`: the backend no longer knows it, and nobody can say how it ended. */
export type JobPhase = 'pending' | 'running' | 'succeeded' | 'failed' | 'lost';

/** What a job is to do. The backend adds nothing of its own to the command. */
export interface JobSpec {
  /** Idempotency key, at most 63 of [a-z0-9-]; the same key is the same job. */
  readonly key: string;
  /** Shown to operators, such as `train churn`. */
  readonly title: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** JSON handed to the job as a file; its path is in `MILLRACE_JOB_SPEC`. */
  readonly input: unknown;
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly timeoutSeconds: number;
}

/** Finds the job again from any worker, so it travels in heartbeats. */
export interface JobHandle {
  readonly backend: string;
  readonly key: string;
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
  /** Most bytes of resident memory seen. */
  readonly peakBytes?: number;
}

/**
 * The exit-code contract of every job, on every backend. Out of memory is also read from the backend (a killed process
 * group, a pod's `OOMKilled`), never guessed from 137 alone.
 */
export const EXIT = { ok: 0, user: 10, input: 20, transient: 75, preempted: 76, outOfMemory: 77 } as const;

/** One way to run outside jobs: a local process group, a Kubernetes Job, an EMR job run. */
export interface JobBackend {
  readonly name: string;
  /** Starts the job, or adopts the one with the same key. Throws `JOB_KEY_REUSED` when the key was used with another spec. */
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
