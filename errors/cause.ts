import { CATALOGUE, type ErrorCode } from './catalogue.ts';
import { MillraceError } from './millrace-error.ts';

/** An error in a chain of causes, with its catalogue code. */
export interface CodedCause {
  readonly code: ErrorCode;
  readonly error: Error;
}

/**
 * Finds the cause of an error: the outermost error in its chain of causes that has a catalogue code. Wrappers without a
 * code (activity failed, child failed) only show where it passed; errors further in were known to the code that threw it.
 * `INTERNAL` does not name a cause, so any other code takes precedence. Undefined if no error has a code.
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

/** Whether the cause of the error has this code. */
export function hasCode(error: unknown, code: ErrorCode): boolean {
  return findCause(error)?.code === code;
}

export function isErrorCode(text: unknown): text is ErrorCode {
  return typeof text === 'string' && Object.hasOwn(CATALOGUE, text);
}

/** Deeper ones say nothing more; a chain of causes may also be circular. */
const MOST_CAUSES = 100;

/** The error and its causes, outermost first. */
export function* causes(error: unknown): Generator<Error, void> {
  let cause = error;
  for (let depth = 0; cause instanceof Error && depth < MOST_CAUSES; depth += 1) {
    yield cause;
    cause = cause.cause;
  }
}

/** Failures of Temporal carry the code as their `type`. */
function codeOf(error: Error): ErrorCode | undefined {
  if (error instanceof MillraceError) return error.code;
  return 'type' in error && isErrorCode(error.type) ? error.type : undefined;
}
