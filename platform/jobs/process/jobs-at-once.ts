import { availableParallelism, totalmem } from 'node:os';

/** What a job of ordinary size needs. */
const JOB_BYTES = 2 * 1024 ** 3;

/**
 * How many jobs a machine can run at the same time without slowing or starving each other: one for each core, as far as
 * the memory reaches.
 */
export function jobsAtOnce(cores = availableParallelism(), bytes = totalmem()): number {
  return Math.max(1, Math.min(cores, Math.floor(bytes / JOB_BYTES)));
}
