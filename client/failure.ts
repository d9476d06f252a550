import { CATALOGUE, type ErrorCode } from '#errors/catalogue.ts';
import { isErrorCode } from '#errors/cause.ts';
import type { Problem } from './api-types.ts';

/** Any answer of the API that is not a success, or no answer at all: a problem document (RFC 9457) as an error. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  readonly code: ErrorCode;
  /** HTTP status; undefined when there was no answer. */
  readonly status: number | undefined;
  readonly where: string | undefined;
  readonly remedy: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;
  /** Each place that is wrong, where there are several. */
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

  /** The API, or what it stands on, cannot be reached: another try may succeed. */
  get unreachable(): boolean {
    return CATALOGUE[this.code].exit === 'unreachable';
  }
}

type Facts = Partial<Omit<Problem, 'code' | 'detail'>> & {
  readonly code: ErrorCode;
  readonly detail: string;
};

/** Of an answer of whatever server is at `url`, which need not be the API. */
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

/** Of an answer without a code of this release. A 404 of another server says nothing about what was asked for. */
function codeOfStatus(status: number): ErrorCode {
  if (status === 401) return 'UNAUTHENTICATED';
  return status === 403 ? 'FORBIDDEN' : 'API_ANSWER_UNKNOWN';
}

function parse(text: string): Partial<Problem> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    // A proxy's page, or another server altogether: the status says it.
    return {};
  }
}
