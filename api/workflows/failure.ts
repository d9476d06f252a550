import {
  ApplicationFailure,
  CancelledFailure,
  TemporalFailure,
  TerminatedFailure,
  TimeoutFailure,
} from '@temporalio/common';
import { z } from 'zod';
import { CATALOGUE, type ErrorCode } from '#errors/catalogue.ts';
import { causes, findCause } from '#errors/cause.ts';

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

/** Why a workflow or one of its steps failed; if no failure has a code, the innermost one determines the kind. */
export function describeFailure(error: unknown): WorkflowFailure {
  const { code, cause } = namedCause(error);
  return {
    code,
    message: KIND_MESSAGES[code] ?? cause?.message ?? String(error),
    remedy: CATALOGUE[code].remedy,
    ...factsOf(cause),
  };
}

/** Temporal's own messages for these are not sentences. */
const KIND_MESSAGES: Partial<Record<ErrorCode, string>> = {
  WORKFLOW_CANCELLED: 'The workflow was cancelled.',
};

function namedCause(error: unknown): { readonly code: ErrorCode; readonly cause: Error | undefined } {
  const known = findCause(error);
  if (known !== undefined && known.code !== 'INTERNAL') return { code: known.code, cause: known.error };
  const chain = [...causes(error)];
  const cause = chain.findLast((one) => one instanceof TemporalFailure) ?? chain.at(-1);
  return { code: codeOfKind(cause), cause };
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
