import type { ObjectRef } from '#platform/objects/object-ref.ts';

/** The joined table that a training job reads, and the limits of its memory steps. */
export interface FrameSummary {
  readonly frame: ObjectRef & { readonly rows: number };
  /** How often an out-of-memory job is retried with double the memory. */
  readonly memory_steps: number;
}

/** Location of the files of a finished job. */
export interface JobOutput {
  readonly prefix: string;
  readonly job_key: string;
  /** How long the worker waited for the job. */
  readonly seconds?: number;
}
