/** What an error of an AWS client means for the caller, for any service. */
export type AwsFailure = 'unreachable' | 'denied' | 'other';

const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ERR_STREAM_PREMATURE_CLOSE',
]);
const BUSY = new Set([
  'TimeoutError',
  'RequestTimeout',
  'SlowDown',
  'ServiceUnavailable',
  'InternalError',
  'InternalServerError',
  'ThrottlingException',
  'Throttling',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'LimitExceededException',
]);
const DENIED = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'InvalidSignatureException',
  'UnrecognizedClientException',
  'MissingAuthenticationTokenException',
  'ExpiredToken',
  'ExpiredTokenException',
  'CredentialsProviderError',
]);

interface AwsErrorShape {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
}

function shape(error: unknown): AwsErrorShape {
  return typeof error === 'object' && error !== null ? error : {};
}

export function awsErrorName(error: unknown): string {
  const { name, code } = shape(error);
  return name === undefined || name === 'Error' ? (code ?? 'Error') : name;
}

export function awsStatus(error: unknown): number | undefined {
  return shape(error).$metadata?.httpStatusCode;
}

/**
 * Number of attempts that the client made. If it is above 1, an earlier attempt may have been carried out although its
 * response was lost.
 */
export function awsAttempts(error: unknown): number {
  return shape(error).$metadata?.attempts ?? 1;
}

export function awsMessage(error: unknown): string {
  return `${awsErrorName(error)}: ${shape(error).message ?? String(error)}`;
}

/** Milliseconds of a Retry-After header given in seconds. A header with a date is ignored. */
export function awsRetryAfterMs(error: unknown): number | undefined {
  const seconds = Number(shape(error).$response?.headers?.['retry-after']);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined;
}

export function classifyAwsFailure(error: unknown): AwsFailure {
  const { code } = shape(error);
  const name = awsErrorName(error);
  const status = awsStatus(error);
  if ((code !== undefined && NETWORK.has(code)) || BUSY.has(name)) return 'unreachable';
  if (DENIED.has(name)) return 'denied';
  if (status !== undefined && (status >= 500 || status === 429)) return 'unreachable';
  return status === 401 || status === 403 ? 'denied' : 'other';
}
