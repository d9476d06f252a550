import type { Problem } from './api-types.ts';

const OUTAGES: ReadonlySet<number | undefined> = new Set([502, 503, 504]);

/** Any answer of the API that is not a success, or no answer at all: a problem document (RFC 9457) as an error. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  readonly code: string;
  /** HTTP status; undefined when there was no answer. */
  readonly status: number | undefined;
  readonly where: string | undefined;
  readonly remedy: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;
  /** Each place that is wrong, where there are several. */
  readonly errors: readonly unknown[];

  constructor(status: number | undefined, problem: Pick<Problem, 'code' | 'detail'> & Partial<Problem>) {
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
    // A 404 of another server says nothing about what was asked for.
    const another = this.code === ANSWER_UNKNOWN && this.status === 404;
    return another || OUTAGES.has(this.status) || this.code.endsWith('_UNREACHABLE');
  }
}

const ANSWER_UNKNOWN = 'API_ANSWER_UNKNOWN';

/** Of an answer of whatever server is at `url`, which need not be the API. */
export function failureOf(status: number, text: string, url: string): ApiFailure {
  const problem = parse(text);
  return new ApiFailure(status, {
    remedy: `Check that ${url} is the address of the Millrace API.`,
    ...problem,
    code: problem.code ?? ANSWER_UNKNOWN,
    detail: problem.detail ?? `The API answered with status ${status}.`,
  });
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
