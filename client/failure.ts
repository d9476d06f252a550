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
  const problem = parse(text);
  const { detail = `The API answered with status ${status}.` } = problem;
  return new ApiFailure(status, {
    remedy: `Check that ${url} is the address of the Millrace API.`,
    ...problem,
    code: isErrorCode(problem.code) ? problem.code : codeOfStatus(status),
    detail: isErrorCode(problem.code) || problem.code === undefined ? detail : `${problem.code}: ${detail}`,
  });
}

/** The code for a response without a known code. A 404 from another server does not mean that the resource is missing. */
function codeOfStatus(status: number): ErrorCode {
  if (status === 401) return 'UNAUTHENTICATED';
  return status === 403 ? 'FORBIDDEN' : 'API_ANSWER_UNKNOWN';
}

function parse(text: string): Partial<Problem> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    // A proxy's page, or another server: only the status is known.
    return {};
  }
}
