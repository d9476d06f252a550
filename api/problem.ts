import { z } from 'zod';
import type { MillraceError } from '#errors/millrace-error.ts';

/** Problem details (RFC 9457): the body of every error response. */
export const problemSchema = z
  .object({
    type: z.string().describe('Names the kind of problem: urn:millrace:error:<code>'),
    title: z.string().describe('What this kind of problem means'),
    status: z.number().int(),
    detail: z.string().describe('What happened in this case, with the values'),
    code: z.string().describe('Code in the catalogue of errors, the same in API, CLI and workflow failures'),
    remedy: z.string().describe('What to do about it'),
    where: z.string().optional().describe('Where it happened: a file place, an object, a parameter'),
    instance: z.string().describe('Id of the request, as in the log'),
    details: z.record(z.string(), z.unknown()).optional(),
    errors: z.array(z.unknown()).optional().describe('Every error, if there are several'),
  })
  .meta({ id: 'Problem', description: 'Problem details (RFC 9457)' });

export type Problem = z.infer<typeof problemSchema>;

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** `details.problems`, the list that config errors and validation carry, becomes the `errors` of the answer. */
export function problemOf(error: MillraceError, requestId: string, status = error.status): Problem {
  const { problems, ...details } = error.details;
  return {
    type: `urn:millrace:error:${error.code}`,
    title: error.entry.meaning,
    status,
    detail: error.message,
    code: error.code,
    remedy: error.entry.remedy,
    ...(error.where === undefined ? {} : { where: error.where }),
    instance: `urn:millrace:request:${requestId}`,
    ...(Object.keys(details).length === 0 ? {} : { details }),
    ...(Array.isArray(problems) ? { errors: problems } : {}),
  };
}
