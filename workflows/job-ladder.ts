import type { ErrorCode } from '#errors/catalogue.ts';

/** One try of an external job: the number of the try, and how often its memory was doubled. */
export interface Rung {
  readonly attempt: number;
  readonly memoryStep: number;
}

export const FIRST_RUNG: Rung = { attempt: 1, memoryStep: 0 };

/** Maximum tries of a job that was lost, evicted, not started, or failed with a transient error. */
const MOST_ATTEMPTS = 4;

/**
 * The next try after a failed job: more memory after an out-of-memory error, an identical try after a loss or a
 * transient error, none after a permanent error (code, input or time limit).
 */
export function nextRung(failure: ErrorCode | undefined, rung: Rung, memorySteps: number): Rung | undefined {
  switch (failure) {
    case 'JOB_OUT_OF_MEMORY':
      return rung.memoryStep < memorySteps ? { ...rung, memoryStep: rung.memoryStep + 1 } : undefined;
    case 'JOB_TRANSIENT':
    case 'JOB_PREEMPTED':
    case 'JOB_LOST':
    // This machine could not start it in many tries; another one may.
    case 'JOB_NOT_STARTED':
      return rung.attempt < MOST_ATTEMPTS ? { ...rung, attempt: rung.attempt + 1 } : undefined;
    default:
      return undefined;
  }
}
