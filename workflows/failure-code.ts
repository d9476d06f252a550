import { ApplicationFailure } from '@temporalio/common';

/** The catalogue code at the bottom of a failed step, which Temporal wraps once for each activity and child in between. */
export function failureCode(error: unknown): { readonly code: string; readonly message: string } | undefined {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof ApplicationFailure && cause.type != null) {
      return { code: cause.type, message: cause.message };
    }
  }
  return undefined;
}
