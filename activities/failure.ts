import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { findCause } from '#errors/cause.ts';
import { MillraceError } from '#errors/millrace-error.ts';

/** A failure message travels in the history; a stack of SQL or a log tail is cut to this many characters. */
const LONGEST_MESSAGE = 8000;

/** Programming errors: another try runs into them again. */
const BUGS = [TypeError, RangeError, ReferenceError, SyntaxError];

/**
 * Every error that leaves an activity becomes an `ApplicationFailure` whose type is the catalogue code. Errors another
 * try cannot mend are non-retryable; a throttling answer says when the next try makes sense.
 */
export function toFailure(error: unknown): Error {
  if (error instanceof CancelledFailure || error instanceof ApplicationFailure) return error;
  // Clients such as ElectroDB wrap what their connection throws.
  const known = findCause(error)?.error;
  if (known instanceof MillraceError) return fromCatalogue(known);
  const cause = error instanceof Error ? error : new Error(String(error));
  return ApplicationFailure.create({
    type: 'INTERNAL',
    message: cut(cause.message),
    nonRetryable: BUGS.some((kind) => cause instanceof kind),
    cause,
  });
}

function fromCatalogue(error: MillraceError): ApplicationFailure {
  return ApplicationFailure.create({
    type: error.code,
    message: cut(error.message),
    nonRetryable: error.entry.transient !== true,
    details: [{ where: error.where ?? null, remedy: error.entry.remedy, ...error.details }],
    ...(error.retryAfterMs === undefined ? {} : { nextRetryDelay: error.retryAfterMs }),
    ...(error.cause instanceof Error ? { cause: error.cause } : {}),
  });
}

function cut(message: string): string {
  return message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}…` : message;
}
