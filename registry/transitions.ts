import { MillraceError } from '#errors/millrace-error.ts';
import type { Stage } from './stage.ts';

/**
 * The one table of stage moves. What is not here cannot happen to a version.
 * `archived` is reached only through `approved`, so `archived → live` (a rollback) passes no approval by.
 */
export const TRANSITIONS = {
  registered: ['approved', 'rejected'],
  approved: ['scheduled', 'archived'],
  scheduled: ['live', 'approved'],
  live: ['archived'],
  archived: ['live'],
  rejected: [],
} as const satisfies Readonly<Record<Stage, readonly Stage[]>>;

export function canMove(from: Stage, to: Stage): boolean {
  return nextStages(from).includes(to);
}

export function nextStages(from: Stage): readonly Stage[] {
  return TRANSITIONS[from];
}

/** Throws `STAGE_MOVE_NOT_ALLOWED`. */
export function checkMove(version: number, from: Stage, to: Stage): void {
  if (canMove(from, to)) return;
  throw new MillraceError(
    'STAGE_MOVE_NOT_ALLOWED',
    `Version ${version} is ${from} and cannot become ${to}.`,
    {
      details: { version, from, to, allowed: nextStages(from) },
    },
  );
}

/**
 * The stage a version takes when a deployment of it is scheduled. A version that is live (new schedule or cut-off) or
 * archived (rollback) keeps its stage until the deployment is promoted. Throws `VERSION_NOT_APPROVED`.
 */
export function stageWhenScheduled(version: number, from: Stage): Stage {
  if (from === 'approved' || from === 'scheduled') return 'scheduled';
  if (from === 'live' || from === 'archived') return from;
  throw new MillraceError('VERSION_NOT_APPROVED', `Version ${version} is ${from}, not approved.`, {
    details: { version, stage: from },
  });
}
