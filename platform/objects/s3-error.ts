import type { ErrorCode } from '#errors/catalogue.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { awsErrorName, awsMessage, awsRetryAfterMs, awsStatus, classifyAwsFailure } from '../aws-failure.ts';

function codeOf(error: unknown): ErrorCode {
  const name = awsErrorName(error);
  // S3 asks for a retry if two conditional writes meet.
  if (name === 'ConditionalRequestConflict' || name === 'OperationAborted') return 'STORE_UNREACHABLE';
  if (name === 'NoSuchBucket') return 'BUCKET_NOT_FOUND';
  const failure = classifyAwsFailure(error);
  if (failure === 'unreachable') return 'STORE_UNREACHABLE';
  if (failure === 'denied') return 'STORE_DENIED';
  return name === 'NoSuchKey' || awsStatus(error) === 404 ? 'OBJECT_NOT_FOUND' : 'STORE_REFUSED';
}

/** Maps an error of an S3 call to the catalogue. Errors of the catalogue pass through. */
export function s3Error(error: unknown, where: string): MillraceError {
  if (error instanceof MillraceError) return error;
  const retryAfterMs = awsRetryAfterMs(error);
  const path = localPath(error);
  const message =
    path === undefined ? awsMessage(error) : awsMessage(error).replaceAll(path, 'its local copy');
  return new MillraceError(codeOf(error), `${where}: ${message}`, {
    where,
    // The workflow history includes the cause, so it must not contain the path either.
    ...(path === undefined ? { cause: error } : {}),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** The path in an error of the file system; it means nothing on another machine. */
function localPath(error: unknown): string | undefined {
  return error instanceof Error && 'path' in error && typeof error.path === 'string' && error.path !== ''
    ? error.path
    : undefined;
}
