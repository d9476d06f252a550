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
  return new MillraceError(codeOf(error), `${where}: ${awsMessage(error)}`, {
    where,
    cause: error,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}
