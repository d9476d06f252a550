import type { ErrorCode } from '#errors/catalogue.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { awsErrorName, awsMessage, awsRetryAfterMs, awsStatus, classifyAwsFailure } from '../aws-failure.ts';

function codeOf(error: unknown): ErrorCode {
  const name = awsErrorName(error);
  // Two conditional writes at once: S3 asks one of them to come again.
  if (name === 'ConditionalRequestConflict' || name === 'OperationAborted') return 'STORE_UNREACHABLE';
  if (name === 'NoSuchBucket') return 'BUCKET_NOT_FOUND';
  const failure = classifyAwsFailure(error);
  if (failure === 'unreachable') return 'STORE_UNREACHABLE';
  if (failure === 'denied') return 'STORE_DENIED';
  return name === 'NoSuchKey' || awsStatus(error) === 404 ? 'OBJECT_NOT_FOUND' : 'STORE_REFUSED';
}

/** Any error of an S3 call as one of the catalogue; our own pass through. */
export function s3Error(error: unknown, where: string): MillraceError {
  if (error instanceof MillraceError) return error;
  const retryAfterMs = awsRetryAfterMs(error);
  const path = localPath(error);
  const message =
    path === undefined ? awsMessage(error) : awsMessage(error).replaceAll(path, 'its local copy');
  return new MillraceError(codeOf(error), `${where}: ${message}`, {
    where,
    // The cause is part of the failure in the history, so it must not bring the path back.
    ...(path === undefined ? { cause: error } : {}),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** The path that an error of the file system names; it tells a reader elsewhere nothing. */
function localPath(error: unknown): string | undefined {
  return error instanceof Error && 'path' in error && typeof error.path === 'string' && error.path !== ''
    ? error.path
    : undefined;
}
