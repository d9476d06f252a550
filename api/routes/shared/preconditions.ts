import { z } from 'zod';
import { MillraceError } from '#errors/millrace-error.ts';
import type { Precondition } from '#registry/labels/precondition.ts';

/** Headers of a compare-and-set, as in RFC 9110. */
export const preconditionHeaders = z.object({
  'if-match': z
    .string()
    .max(1_000)
    .optional()
    .describe('ETag of the last read: the change is made only if it is still the same'),
  'if-none-match': z.literal('*').optional().describe('The change is made only if nothing is set yet'),
});

type Headers = z.infer<typeof preconditionHeaders>;

/** Undefined if the request states none. Throws `REQUEST_INVALID` if it states both. */
export function preconditionOf(headers: Headers): Precondition | undefined {
  const { 'if-match': match, 'if-none-match': none } = headers;
  if (match !== undefined && none !== undefined) {
    throw new MillraceError('REQUEST_INVALID', 'Send either If-Match or If-None-Match.', {
      where: 'headers',
    });
  }
  if (none !== undefined) return 'absent';
  if (match === undefined) return undefined;
  // A weak tag never matches: If-Match compares strongly.
  return match.trim() === '*'
    ? 'present'
    : [...match.matchAll(/(?<![\w/])"([^"]*)"/g)].map(([, tag = '']) => tag);
}

/** Throws `PRECONDITION_REQUIRED`. */
export function requirePrecondition(headers: Headers): Precondition {
  const stated = preconditionOf(headers);
  if (stated !== undefined) return stated;
  throw new MillraceError('PRECONDITION_REQUIRED', 'The request has neither If-Match nor If-None-Match.', {
    where: 'headers',
  });
}

export function etag(of: string): string {
  return `"${of}"`;
}
