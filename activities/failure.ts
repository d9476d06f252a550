import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { findCause } from '#errors/cause.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { temporalError } from '#platform/temporal/temporal-error.ts';

/** Maximum characters of a failure message: it is stored in the history, and SQL stacks and log tails are long. */
const LONGEST_MESSAGE = 8000;

/** Programming errors: a retry fails in the same way. */
const BUGS = [TypeError, RangeError, ReferenceError, SyntaxError];

/**
 * Turns every error that leaves an activity into an `ApplicationFailure` whose type is the catalogue code. Errors
 * that a retry cannot fix are non-retryable; a throttling response sets the delay of the next retry.
 */
export function toFailure(error: unknown): Error {
  if (error instanceof CancelledFailure || error instanceof ApplicationFailure) return error;
  // Clients such as ElectroDB wrap the errors of their connection.
  const known = findCause(error)?.error;
  if (known instanceof MillraceError) return fromCatalogue(known);
  const refused = temporalError(error);
  if (refused !== undefined) return fromCatalogue(refused);
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
