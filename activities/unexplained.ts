import type { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { ErrorCode } from '#errors/catalogue.ts';
import { latestDetails } from './heartbeat.ts';

/**
 * Codes that a retry may fix, but that no outage explains. An activity that fails with them for the fourteenth time is not tried
 * again: with the pauses of `workflows/options.ts`, that is a quarter of an hour after the first.
 */
const UNEXPLAINED: ReadonlySet<string> = new Set<ErrorCode>([
  'INTERNAL',
  // Workers register a search attribute that is missing within a minute and a half.
  'TEMPORAL_REFUSED',
  'ENGINE_FAILED',
  'SOURCE_CHANGED',
  'SCORE_ROWS_MISSING',
  'JOB_NOT_STARTED',
  'JOB_BACKEND_UNKNOWN',
  'JOB_STATE_UNKNOWN',
  'JOB_NOT_ENDED',
]);
const MOST = 14;

/** Part of the details of the activity's heartbeat: the number of such failures so far. */
const COUNT = 'unexplained_failures';

/**
 * Makes a failure final that has come too often without an outage that explains it. They are counted, because attempts alone do
 * not tell: a waiter has taken hundreds of turns, and an outage may have cost as many.
 */
export function finalWhenTooMany(context: Context, failure: Error): Error {
  if (!(failure instanceof ApplicationFailure) || failure.nonRetryable === true) return failure;
  const { message, type, details, cause } = failure;
  if (type == null || !UNEXPLAINED.has(type) || countOneMore(context) < MOST) return failure;
  return ApplicationFailure.create({
    message,
    type,
    nonRetryable: true,
    ...(details == null ? {} : { details }),
    ...(cause === undefined ? {} : { cause }),
  });
}

/** A failure carries the last details of the heartbeat, so the next attempt goes on counting, and keeps what this one has told. */
function countOneMore(context: Context): number {
  const count = Number(membersOf(context.info.heartbeatDetails)[COUNT] ?? 0) + 1;
  context.heartbeat({ ...membersOf(latestDetails(context)), [COUNT]: count });
  return count;
}

function membersOf(details: unknown): Readonly<Record<string, unknown>> {
  return typeof details === 'object' && details !== null ? { ...details } : {};
}
