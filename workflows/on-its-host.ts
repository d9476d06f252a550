import {
  ActivityFailure,
  ApplicationFailure,
  type ActivityOptions,
  proxyActivities,
  TimeoutFailure,
} from '@temporalio/workflow';
import type { ErrorCode } from '#errors/catalogue.ts';
import { findCause } from '#errors/cause.ts';
import type { JobActivities } from '#activities/jobs.ts';
import { hostQueue } from './contract/ids.ts';
import { STORE_OPTIONS } from './options.ts';

const store = proxyActivities<JobActivities>(STORE_OPTIONS);

/** Details of `JOB_NOT_STARTED`. */
interface NotStarted {
  readonly job: string;
}

/** Details of `JOB_ON_OTHER_HOST`. */
export interface OtherHost extends NotStarted {
  readonly host: string;
  /** How long the job waits for its machine. */
  readonly patience_ms: number;
}

/** Where an activity runs; empty for the common queue. */
export type Place = Pick<ActivityOptions, 'taskQueue' | 'scheduleToStartTimeout'>;

/**
 * Runs one try of a job where it can be started. A job that its machine cannot start is given up, so that the next try, a new
 * job, may go to another machine.
 */
export async function onItsHost<T>(run: (place: Place) => Promise<T>): Promise<T> {
  try {
    return await whereItIs(run);
  } catch (error) {
    const failed = detailsOf<NotStarted>(error, 'JOB_NOT_STARTED');
    if (failed?.job !== undefined)
      await store.giveUpJob.executeWithOptions({ summary: 'Give up a job that cannot be started' }, [failed]);
    throw error;
  }
}

/**
 * Runs one try of a job on any machine. If the job turns out to be on another one, runs the same try there: a machine that
 * comes back in time adopts its job. If it does not, gives the job up and throws `JOB_LOST`; the next try is a new job.
 */
async function whereItIs<T>(run: (place: Place) => Promise<T>): Promise<T> {
  try {
    return await run({});
  } catch (error) {
    const other = detailsOf<OtherHost>(error, 'JOB_ON_OTHER_HOST');
    if (other === undefined) throw error;
    return await runThere(other, run);
  }
}

async function runThere<T>(other: OtherHost, run: (place: Place) => Promise<T>): Promise<T> {
  try {
    return await run({ taskQueue: hostQueue(other.host), scheduleToStartTimeout: other.patience_ms });
  } catch (error) {
    if (!isAway(error)) throw error;
    await store.giveUpJob.executeWithOptions({ summary: `Give up the job on ${other.host}` }, [other]);
    throw ApplicationFailure.nonRetryable(
      `Job ${other.job} was on machine ${other.host}, which does not answer.`,
      'JOB_LOST' satisfies ErrorCode,
      { job: other.job, host: other.host },
    );
  }
}

function detailsOf<Details>(error: unknown, code: ErrorCode): Details | undefined {
  const cause = findCause(error);
  if (cause?.code !== code || !(cause.error instanceof ApplicationFailure)) return undefined;
  return cause.error.details?.[0] as Details;
}

/** Nobody of the machine took the job in time, or whoever took it fell silent. */
function isAway(error: unknown): boolean {
  if (!(error instanceof ActivityFailure) || !(error.cause instanceof TimeoutFailure)) return false;
  return error.cause.timeoutType === 'SCHEDULE_TO_START' || error.cause.timeoutType === 'HEARTBEAT';
}
