import type { ObjectRef } from '#platform/objects/object-ref.ts';

/** The joined table a training job reads, and what the ladder of its memory may be. */
export interface FrameSummary {
  readonly frame: ObjectRef & { readonly rows: number };
  /** Times an out-of-memory job may be tried with double the memory. */
  readonly memory_steps: number;
}

/** Where a finished job left its files. */
export interface JobOutput {
  readonly prefix: string;
  readonly job_key: string;
}
