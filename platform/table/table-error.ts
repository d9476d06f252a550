import { ResourceNotFoundException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { MillraceError } from '#errors/millrace-error.ts';
import { awsErrorName, awsMessage, awsRetryAfterMs, classifyAwsFailure } from '../aws-failure.ts';

/** Bytes of one item, names of attributes included: a limit of DynamoDB. */
const LARGEST_ITEM = 400 * 1024;
/** What a writer may count on for texts, beside the names and numbers of an item. */
const LARGEST_TEXT = 350_000;

/** For a write that is known to be too large before any part of it is stored. Throws `STORE_ITEM_TOO_LARGE`. */
export function refuseTooLarge(what: string, value: unknown): void {
  const bytes = Buffer.byteLength(JSON.stringify(value));
  if (bytes > LARGEST_TEXT) throw tooLarge(`${what} take ${bytes} bytes, more than ${LARGEST_TEXT}.`);
}

/**
 * Maps errors of the connection, and items that are too large, to the catalogue. DynamoDB's other answers about items pass
 * through unchanged.
 */
export function tableError(error: unknown, table: string): unknown {
  if (error instanceof MillraceError) return error;
  const what = `A request to table ${table} failed: ${awsMessage(error)}`;
  const options = { where: table, cause: error };
  if (error instanceof ResourceNotFoundException) return new MillraceError('TABLE_NOT_FOUND', what, options);
  if (isTooLarge(error))
    return tooLarge(`A write to table ${table} is too large: ${awsMessage(error)}`, error);
  const failure = classifyAwsFailure(error);
  if (failure === 'denied') return new MillraceError('STORE_DENIED', what, options);
  if (failure === 'other') return error;
  const retryAfterMs = awsRetryAfterMs(error);
  return new MillraceError('STORE_UNREACHABLE', what, {
    ...options,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** An item beyond 400 KB, alone or in a transaction, or a transaction beyond 4 MB. They differ from other refusals by their text. */
function isTooLarge(error: unknown): boolean {
  const reasons =
    error instanceof TransactionCanceledException
      ? (error.CancellationReasons ?? []).map(({ Code, Message }) => `${Code}: ${Message}`)
      : [];
  const said = awsErrorName(error) === 'ValidationException' ? [awsMessage(error)] : reasons;
  return said.some((text) => /^Validation\w+: .*\bsize\b.*(exceed|limit)/i.test(text));
}

function tooLarge(what: string, cause?: unknown): MillraceError {
  return new MillraceError('STORE_ITEM_TOO_LARGE', what, { details: { limit_bytes: LARGEST_ITEM }, cause });
}
