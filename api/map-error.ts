import { WorkflowNotFoundError } from '@temporalio/client';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { MillraceError } from '#errors/millrace-error.ts';
import { temporalError } from '#platform/temporal/temporal-error.ts';

/**
 * Maps a thrown value to an error of the catalogue. `unexpected` errors are logged with their stack and reveal
 * nothing to the caller.
 */
export interface MappedError {
  readonly error: MillraceError;
  readonly status: number;
  readonly unexpected: boolean;
}

export function mapError(thrown: unknown, requestId: string): MappedError {
  const known = knownError(thrown);
  if (known) return { error: known, status: clientStatus(thrown) ?? known.status, unexpected: false };
  const error = new MillraceError('INTERNAL', `The request failed; its reference is ${requestId}.`, {
    details: { reference: requestId },
    cause: thrown,
  });
  return { error, status: 500, unexpected: true };
}

function knownError(thrown: unknown): MillraceError | undefined {
  if (thrown instanceof MillraceError) return thrown.code === 'INTERNAL' ? undefined : thrown;
  if (hasZodFastifySchemaValidationErrors(thrown)) return validationError(thrown);
  if (thrown instanceof WorkflowNotFoundError)
    return new MillraceError('WORKFLOW_NOT_FOUND', `There is no workflow ${thrown.workflowId}.`);
  return temporalError(thrown) ?? fastifyError(thrown);
}

interface ValidationFailure {
  readonly validation: readonly { readonly instancePath: string; readonly message?: string | undefined }[];
  readonly validationContext?: string | undefined;
}

function validationError(thrown: ValidationFailure): MillraceError {
  const part = thrown.validationContext ?? 'request';
  const problems = thrown.validation.map(({ instancePath, message }) => ({
    in: part,
    path: instancePath.split('/').filter(Boolean).join('.'),
    message,
  }));
  const first = problems.map(({ path, message }) => `${path || part}: ${message}`).join('; ');
  return new MillraceError('REQUEST_INVALID', first, { where: part, details: { problems } });
}

/** Fastify's own errors below 500 are the caller's; its others are ours. */
function fastifyError(thrown: unknown): MillraceError | undefined {
  const status = clientStatus(thrown);
  const code = codeOf(thrown);
  if (code === 'FST_ERR_HANDLER_TIMEOUT')
    return new MillraceError('REQUEST_TIMED_OUT', 'The request took longer than the API allows.', {
      cause: thrown,
    });
  if (status === undefined || !(thrown instanceof Error)) return undefined;
  if (status === 413) return new MillraceError('REQUEST_TOO_LARGE', 'The body of the request is too large.');
  if (status === 415) return new MillraceError('MEDIA_TYPE_UNSUPPORTED', thrown.message);
  return new MillraceError('REQUEST_INVALID', thrown.message);
}

function codeOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string'
    ? thrown.code
    : undefined;
}

function clientStatus(thrown: unknown): number | undefined {
  if (codeOf(thrown)?.startsWith('FST_') !== true) return undefined;
  const status = thrown instanceof Error && 'statusCode' in thrown ? thrown.statusCode : undefined;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}
