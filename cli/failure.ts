import { ApiFailure } from '#client/failure.ts';
import { CATALOGUE, type ErrorCode } from '#errors/catalogue.ts';
import { EXIT, type ExitCode } from '#errors/exit-class.ts';
import { MillraceError } from '#errors/millrace-error.ts';

/** An error that ends the command. Every error is printed in this form: code, what happened, where, what to do. */
export class CliFailure extends Error {
  override readonly name = 'CliFailure';
  readonly code: ErrorCode;
  readonly where: string | undefined;
  readonly remedy: string;
  readonly details: Readonly<Record<string, unknown>>;
  /** Each wrong place, if there are several. */
  readonly problems: readonly unknown[];

  constructor(
    code: ErrorCode,
    what: string,
    facts: {
      /** Replaces the catalogue's remedy. */
      readonly remedy?: string | undefined;
      readonly where?: string | undefined;
      readonly details?: Readonly<Record<string, unknown>> | undefined;
      readonly problems?: readonly unknown[] | undefined;
    } = {},
  ) {
    super(what);
    this.code = code;
    this.where = facts.where;
    this.remedy = facts.remedy ?? CATALOGUE[code].remedy;
    this.details = facts.details ?? {};
    this.problems = facts.problems ?? [];
  }

  get exit(): ExitCode {
    return EXIT[CATALOGUE[this.code].exit];
  }
}

export function toFailure(thrown: unknown): CliFailure {
  if (thrown instanceof CliFailure) return thrown;
  if (thrown instanceof ApiFailure) {
    const { code, message, where, remedy, details, errors: problems } = thrown;
    return new CliFailure(code, message, { where, remedy, details, problems });
  }
  if (thrown instanceof MillraceError) {
    const { problems, ...details } = thrown.details;
    return new CliFailure(thrown.code, thrown.message, {
      where: thrown.where,
      details,
      problems: Array.isArray(problems) ? problems : [],
    });
  }
  const what = thrown instanceof Error ? thrown.message : String(thrown);
  return new CliFailure('INTERNAL', what, {
    remedy: 'Try again; if it fails again, give this message to the platform engineers.',
  });
}
