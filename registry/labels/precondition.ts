import { MillraceError } from '#errors/millrace-error.ts';

/**
 * What must hold for a change to be made: the thing does not exist yet, it exists, or it is in one of the states that
 * the caller has read.
 */
export type Precondition = 'absent' | 'present' | readonly string[];

/** @param current the state now; undefined if the thing does not exist. Throws `PRECONDITION_FAILED`. */
export function checkPrecondition(what: string, current: string | undefined, wanted: Precondition): void {
  if (holds(current, wanted)) return;
  const now = current === undefined ? 'does not exist' : `is now at "${current}"`;
  throw new MillraceError('PRECONDITION_FAILED', `${what} ${now}, which is not what the request names.`, {
    details: { now: current ?? null },
  });
}

function holds(current: string | undefined, wanted: Precondition): boolean {
  if (wanted === 'absent') return current === undefined;
  return current !== undefined && (wanted === 'present' || wanted.includes(current));
}
