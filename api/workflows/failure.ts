import {
  ApplicationFailure,
  CancelledFailure,
  TemporalFailure,
  TerminatedFailure,
  TimeoutFailure,
} from '@temporalio/common';
import { z } from 'zod';
import { CATALOGUE, type ErrorCode } from '#errors/catalogue.ts';

export const failureSchema = z
  .object({
    code: z.string().describe('Code of the catalogue'),
    message: z.string(),
    remedy: z.string(),
    where: z.string().optional(),
    details: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'WorkflowFailure' });

export type WorkflowFailure = z.infer<typeof failureSchema>;

const detailsSchema = z.looseObject({ where: z.string().nullish(), remedy: z.unknown() });

/**
 * Why a workflow or one of its steps failed: the innermost failure that carries a code of the catalogue. The ones around
 * it (activity failed, child failed) only tell the way it came.
 */
export function describeFailure(error: unknown): WorkflowFailure {
  const chain: Error[] = [];
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) chain.push(cause);
  const known = chain.findLast((cause) => codeOf(cause) !== undefined && codeOf(cause) !== 'INTERNAL');
  const cause = known ?? chain.findLast((one) => one instanceof TemporalFailure) ?? chain.at(-1);
  const code = codeOf(cause) ?? codeOfKind(cause);
  return {
    code,
    message: cause?.message ?? String(error),
    remedy: CATALOGUE[code].remedy,
    ...factsOf(cause),
  };
}

function codeOf(cause: Error | undefined): ErrorCode | undefined {
  const type = cause instanceof ApplicationFailure ? cause.type : undefined;
  return type != null && isErrorCode(type) ? type : undefined;
}

function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(CATALOGUE, text);
}

function codeOfKind(cause: Error | undefined): ErrorCode {
  if (cause instanceof CancelledFailure) return 'WORKFLOW_CANCELLED';
  if (cause instanceof TerminatedFailure) return 'WORKFLOW_TERMINATED';
  if (cause instanceof TimeoutFailure) return 'WORKFLOW_TIMED_OUT';
  return 'INTERNAL';
}

function factsOf(cause: Error | undefined): Pick<WorkflowFailure, 'where' | 'details'> {
  const parsed = detailsSchema.safeParse(
    cause instanceof ApplicationFailure ? cause.details?.[0] : undefined,
  );
  if (!parsed.success) return {};
  const { where, remedy: _remedy, ...details } = parsed.data;
  return { ...(where != null && { where }), ...(Object.keys(details).length > 0 && { details }) };
}
