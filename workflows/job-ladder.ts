import type { ErrorCode } from '#errors/catalogue.ts';

/** One try of an outside job: how often it was tried, and how often its memory was doubled. */
export interface Rung {
  readonly attempt: number;
  readonly memoryStep: number;
}

export const FIRST_RUNG: Rung = { attempt: 1, memoryStep: 0 };

/** Tries of a job that was lost, evicted or met a passing fault. */
const MOST_ATTEMPTS = 4;

/**
 * What to try after a failed job: more memory after an out-of-memory, the same again elsewhere after a loss or a
 * passing fault, nothing after an error of the job's own (its code, its input, its time limit).
 */
export function nextRung(failure: ErrorCode | undefined, rung: Rung, memorySteps: number): Rung | undefined {
  switch (failure) {
    case 'JOB_OUT_OF_MEMORY':
      return rung.memoryStep < memorySteps ? { ...rung, memoryStep: rung.memoryStep + 1 } : undefined;
    case 'JOB_TRANSIENT':
    case 'JOB_PREEMPTED':
    case 'JOB_LOST':
      return rung.attempt < MOST_ATTEMPTS ? { ...rung, attempt: rung.attempt + 1 } : undefined;
    default:
      return undefined;
  }
}
