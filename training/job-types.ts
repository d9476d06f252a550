import type { ObjectRef } from '#platform/objects/object-ref.ts';

/** What a training leaves out for lack of a label. */
export interface UnlabelledRows {
  /** Rows of the partitions it reads that have no label. */
  readonly unlabelled: number;
  /** Newer partition dates whose label windows were not known in full at the as-of date. */
  readonly waiting_dates: number;
}

/** The joined table that a training job reads, and the limits of its memory steps. */
export interface FrameSummary {
  readonly frame: ObjectRef & { readonly rows: number } & UnlabelledRows;
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
