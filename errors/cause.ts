import { CATALOGUE, type ErrorCode } from './catalogue.ts';
import { MillraceError } from './millrace-error.ts';

/** An error of a chain of causes, with its code of the catalogue. */
export interface CodedCause {
  readonly code: ErrorCode;
  readonly error: Error;
}

/**
 * Finds the cause of an error: the first error of its chain of causes, from the outside in, that carries a code of the
 * catalogue. Errors around it (activity failed, child failed) only tell the path that it took, and whoever threw it knew
 * the errors within. `INTERNAL` names no cause, so any other code is preferred. Undefined where no error has a code.
 */
export function findCause(error: unknown): CodedCause | undefined {
  let internal: CodedCause | undefined;
  for (const cause of causes(error)) {
    const code = codeOf(cause);
    if (code !== undefined && code !== 'INTERNAL') return { code, error: cause };
    if (code !== undefined) internal ??= { code, error: cause };
  }
  return internal;
}

/** Whether this is the cause of the error. */
export function hasCode(error: unknown, code: ErrorCode): boolean {
  return findCause(error)?.code === code;
}

export function isErrorCode(text: unknown): text is ErrorCode {
  return typeof text === 'string' && Object.hasOwn(CATALOGUE, text);
}

/** The error and what caused it, from the outside in. */
export function* causes(error: unknown): Generator<Error, void> {
  for (let cause = error; cause instanceof Error; cause = cause.cause) yield cause;
}

/** Failures of Temporal carry the code as their `type`. */
function codeOf(error: Error): ErrorCode | undefined {
  if (error instanceof MillraceError) return error.code;
  return 'type' in error && isErrorCode(error.type) ? error.type : undefined;
}
