import { CATALOGUE, type ErrorCode } from '#errors/catalogue.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { JobFailure, JobState } from '#platform/jobs/job-backend.ts';
import type { JobProgram } from '#platform/jobs/job-program.ts';

/** The facts about a job that an error contains. */
type NamedJob = Pick<JobProgram, 'key' | 'title' | 'resources'>;

const FAILURES: Record<JobFailure, ErrorCode> = {
  user: 'JOB_REJECTED',
  input: 'JOB_INPUT_BROKEN',
  transient: 'JOB_TRANSIENT',
  preempted: 'JOB_PREEMPTED',
  out_of_memory: 'JOB_OUT_OF_MEMORY',
  timeout: 'JOB_TIMED_OUT',
  cancelled: 'JOB_CANCELLED',
  crash: 'JOB_CRASHED',
};

/**
 * The error of a failed job. Its code is the kind of failure, which decides the retry. Only for rejected code or
 * input is it the job's own code, which says what to correct.
 */
export function jobError(state: JobState, job: NamedJob): MillraceError {
  const kind = state.phase === 'lost' ? 'JOB_LOST' : FAILURES[state.failure ?? 'crash'];
  const { code, message } = wordsOf(state.message);
  const own = state.failure === 'user' || state.failure === 'input' ? finalCode(code) : undefined;
  return new MillraceError(own ?? kind, `${job.title}: ${message}`, {
    where: `job ${job.key}`,
    details: {
      job: job.key,
      exit_code: state.exitCode ?? null,
      memory_mib: job.resources.memoryMiB,
      reason: code ?? null,
    },
  });
}

/**
 * A termination message is JSON with a code and a message if the job could write one; otherwise it is the tail of a
 * log.
 */
function wordsOf(text = 'the job left no message'): { readonly code?: string; readonly message: string } {
  try {
    const { code, message } = Object(JSON.parse(text)) as { code?: unknown; message?: unknown };
    if (typeof code === 'string' && typeof message === 'string') return { code, message };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return { message: text };
}

/** Excludes transient codes, which would make the activity poll this failed job again and again. */
function finalCode(code: string | undefined): ErrorCode | undefined {
  if (code === undefined || !Object.hasOwn(CATALOGUE, code)) return undefined;
  const known = code as ErrorCode;
  return 'transient' in CATALOGUE[known] ? undefined : known;
}
