import type { ErrorCode } from '#errors/catalogue.ts';
import { MillraceError } from '#errors/millrace-error.ts';

/** An error of the catalogue as plain data, since errors lose their class when they are copied between processes. */
export interface SentError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly where: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Its cause stays in the child. */
export function sentError({ code, message, where, details }: MillraceError): SentError {
  return { code, message, where, details };
}

export function receivedError({ code, message, where, details }: SentError): MillraceError {
  return new MillraceError(code, message, { ...(where !== undefined && { where }), details });
}
