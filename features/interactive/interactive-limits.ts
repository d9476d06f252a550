import type { Environment } from '#configs/environment.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { Outcome } from '#platform/child-service/child-service.ts';
import { receivedError } from '#platform/child-service/sent-error.ts';
import type { RowsAnswer } from './rows-work.ts';

/**
 * What a preview or a test may take: seconds, and what DuckDB may hold in memory and on disk. Two previews, one after the
 * other, fit into a request.
 */
const LIMITS = { seconds: 25, memory: '512MB', disk: '1GB' } as const;

export const INTERACTIVE_LIMITS = { seconds: LIMITS.seconds, processMiB: 1_536 } as const;

export function withinLimits(env: Environment): Environment {
  return { ...env, MILLRACE_DUCKDB_MEMORY: LIMITS.memory, MILLRACE_DUCKDB_DISK: LIMITS.disk };
}

/** The answer of a child; `what` names the work, such as `A preview of "habits" at 2024-01-01`. Throws its error, or `PREVIEW_TOO_LARGE`. */
export function answerWithin(
  outcome: Outcome<RowsAnswer>,
  what: string,
): Exclude<RowsAnswer, { readonly kind: 'error' }> {
  if ('exhausted' in outcome) throw tooLarge(what, EXHAUSTED[outcome.exhausted]);
  const { answer } = outcome;
  if (answer.kind !== 'error') return answer;
  if (answer.error.code !== 'ENGINE_OUT_OF_MEMORY') throw receivedError(answer.error);
  throw tooLarge(what, /disk/.test(answer.error.message) ? DISK : EXHAUSTED.memory);
}

const EXHAUSTED = { time: `${LIMITS.seconds} seconds`, memory: `${LIMITS.memory} of memory` } as const;
const DISK = `${LIMITS.memory} of memory and ${LIMITS.disk} of disk`;

function tooLarge(what: string, limit: string): MillraceError {
  return new MillraceError('PREVIEW_TOO_LARGE', `${what} needs more than ${limit}.`, { details: { limit } });
}
