import { CATALOGUE, type ErrorCode } from '#errors/catalogue.ts';
import { isErrorCode } from '#errors/cause.ts';
import type { Problem } from './api-types.ts';

/** An API response that is not a success, or a missing response: a problem document (RFC 9457) as an error. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  readonly code: ErrorCode;
  /** HTTP status; undefined when there was no response. */
  readonly status: number | undefined;
  readonly where: string | undefined;
  readonly remedy: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;
  /** Each wrong place, if there are several. */
  readonly errors: readonly unknown[];

  constructor(status: number | undefined, problem: Facts) {
    super(problem.detail);
    this.code = problem.code;
    this.status = status;
    this.where = problem.where;
    this.remedy = problem.remedy;
    this.details = problem.details ?? {};
    this.errors = problem.errors ?? [];
  }

  /** Whether the API, or a service that it depends on, was unreachable, so that a retry may succeed. */
  get unreachable(): boolean {
    return CATALOGUE[this.code].exit === 'unreachable';
  }
}

type Facts = Partial<Omit<Problem, 'code' | 'detail'>> & {
  readonly code: ErrorCode;
  readonly detail: string;
};

/** The failure for a response from the server at `url`, which may not be the API. */
export function failureOf(status: number, text: string, url: string): ApiFailure {
  const { code, detail = `The API answered with status ${status}.`, ...others } = parse(text);
  return new ApiFailure(status, {
    remedy: isTooLong(status) ? CATALOGUE.REQUEST_HEADERS_TOO_LARGE.remedy : remedyFor(url),
    ...others,
    code: isErrorCode(code) ? code : codeOfStatus(status),
    detail: isErrorCode(code) || code === undefined ? detail : `${code}: ${detail}`,
  });
}

/** The failure for a success whose body is not an answer of the API. */
export function notOfTheApi(status: number, url: string): ApiFailure {
  return new ApiFailure(status, {
    code: 'API_ANSWER_UNKNOWN',
    detail: `The answer with status ${status} is not JSON of the API.`,
    remedy: remedyFor(url),
  });
}

function remedyFor(url: string): string {
  return `Check that ${url} is the address of the Millrace API.`;
}

/** The code for a response without a known code. A 404 from another server does not mean that the resource is missing. */
function codeOfStatus(status: number): ErrorCode {
  if (isTooLong(status)) return 'REQUEST_HEADERS_TOO_LARGE';
  if (status === 401) return 'UNAUTHENTICATED';
  return status === 403 ? 'FORBIDDEN' : 'API_ANSWER_UNKNOWN';
}

/** A proxy in between may have another limit than the API, and answers without a problem document. */
function isTooLong(status: number): boolean {
  return status === 414 || status === 431;
}

function parse(text: string): Partial<Problem> {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? membersOf(value) : {};
  } catch {
    // A proxy's page, or another server: only the status is known.
    return {};
  }
}

/** Members of the types that a problem document has; another server gives the same names to other things. */
function membersOf({
  code,
  detail,
  where,
  remedy,
  details,
  errors,
}: Record<string, unknown>): Partial<Problem> {
  return {
    ...(typeof code === 'string' && { code }),
    ...(typeof detail === 'string' && { detail }),
    ...(typeof where === 'string' && { where }),
    ...(typeof remedy === 'string' && { remedy }),
    ...(isRecord(details) && { details }),
    ...(Array.isArray(errors) && { errors }),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
