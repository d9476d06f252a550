import { ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { MillraceError } from '#errors/millrace-error.ts';
import { awsMessage, awsRetryAfterMs, classifyAwsFailure } from '../aws-failure.ts';

/** Maps errors of the connection to the catalogue. DynamoDB's own answers about items pass through unchanged. */
export function tableError(error: unknown, table: string): unknown {
  if (error instanceof MillraceError) return error;
  const what = `A request to table ${table} failed: ${awsMessage(error)}`;
  const options = { where: table, cause: error };
  if (error instanceof ResourceNotFoundException) return new MillraceError('TABLE_NOT_FOUND', what, options);
  const failure = classifyAwsFailure(error);
  if (failure === 'denied') return new MillraceError('STORE_DENIED', what, options);
  if (failure === 'other') return error;
  const retryAfterMs = awsRetryAfterMs(error);
  return new MillraceError('STORE_UNREACHABLE', what, {
    ...options,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}
