import { ApiFailure } from '#client/failure.ts';
import { MillraceError } from '#errors/millrace-error.ts';

/** What the exit code of the command says. */
export const EXIT = { ok: 0, failed: 1, badInput: 2, notAllowed: 3, notFound: 4, unreachable: 5 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Ends the command: code, what happened, where, what to do; the form in which every error is printed. */
export class CliFailure extends Error {
  override readonly name = 'CliFailure';
  readonly code: string;
  readonly exit: ExitCode;
  readonly where: string | undefined;
  readonly remedy: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;
  /** Each place that is wrong, where there are several. */
  readonly problems: readonly unknown[];

  constructor(
    code: string,
    what: string,
    facts: {
      readonly exit: ExitCode;
      readonly where?: string | undefined;
      readonly remedy?: string | undefined;
      readonly details?: Readonly<Record<string, unknown>> | undefined;
      readonly problems?: readonly unknown[] | undefined;
    },
  ) {
    super(what);
    this.code = code;
    this.exit = facts.exit;
    this.where = facts.where;
    this.remedy = facts.remedy;
    this.details = facts.details ?? {};
    this.problems = facts.problems ?? [];
  }
}

/** Of an answer of the API. A conflict (409) is a failure: what was asked for was well-formed, and it did not happen. */
export function exitOf(status: number, code: string): ExitCode {
  if (status === 401 || status === 403) return EXIT.notAllowed;
  if (status === 404) return EXIT.notFound;
  if ([400, 413, 415, 422].includes(status)) return EXIT.badInput;
  if (status === 502 || status === 503 || status === 504 || code.endsWith('_UNREACHABLE'))
    return EXIT.unreachable;
  return EXIT.failed;
}

export function toFailure(thrown: unknown): CliFailure {
  if (thrown instanceof CliFailure) return thrown;
  if (thrown instanceof ApiFailure) return failureOfApi(thrown);
  if (thrown instanceof MillraceError) {
    const { problems, ...details } = thrown.details;
    return new CliFailure(thrown.code, thrown.message, {
      exit: exitOf(thrown.entry.status, thrown.code),
      where: thrown.where,
      remedy: thrown.entry.remedy,
      details,
      problems: Array.isArray(problems) ? problems : [],
    });
  }
  const what = thrown instanceof Error ? thrown.message : String(thrown);
  return new CliFailure('INTERNAL', what, { exit: EXIT.failed });
}

/** A request that got no answer was either not sent, for its address is wrong, or nothing answered it. */
function failureOfApi(failure: ApiFailure): CliFailure {
  const { code, message, status, unreachable, where, remedy, details, errors: problems } = failure;
  const answered = status === undefined ? EXIT.badInput : exitOf(status, code);
  const exit = unreachable ? EXIT.unreachable : answered;
  return new CliFailure(code, message, { exit, where, remedy, details, problems });
}
