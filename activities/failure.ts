import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { findCause } from '#errors/cause.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { temporalError } from '#platform/temporal/temporal-error.ts';
import { boundedFailure } from './bounded-failure.ts';

/** Programming errors: a retry fails in the same way. */
const BUGS = [TypeError, RangeError, ReferenceError, SyntaxError];

/**
 * Turns every error that leaves an activity into an `ApplicationFailure` whose type is the catalogue code. Errors
 * that a retry cannot fix are non-retryable; a throttling response sets the delay of the next retry. At most 32 KB.
 */
export function toFailure(error: unknown): Error {
  if (error instanceof CancelledFailure) return error;
  return boundedFailure(error instanceof ApplicationFailure ? error : failureOf(error));
}

function failureOf(error: unknown): ApplicationFailure {
  // Clients such as ElectroDB wrap the errors of their connection.
  const known = findCause(error)?.error;
  if (known instanceof MillraceError) return fromCatalogue(known);
  const refused = temporalError(error);
  if (refused !== undefined) return fromCatalogue(refused);
  const cause = error instanceof Error ? error : new Error(String(error));
  return ApplicationFailure.create({
    type: 'INTERNAL',
    message: cause.message,
    nonRetryable: BUGS.some((kind) => cause instanceof kind),
    cause,
  });
}

function fromCatalogue(error: MillraceError): ApplicationFailure {
  return ApplicationFailure.create({
    type: error.code,
    message: error.message,
    nonRetryable: error.entry.transient !== true,
    details: [{ where: error.where ?? null, remedy: error.entry.remedy, ...error.details }],
    ...(error.retryAfterMs === undefined ? {} : { nextRetryDelay: error.retryAfterMs }),
    ...(error.cause instanceof Error ? { cause: error.cause } : {}),
  });
}
