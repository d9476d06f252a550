import { MillraceError } from '#errors/millrace-error.ts';
import type { Stage } from './stage.ts';

/**
 * The table of all allowed stage moves. `archived` can only be reached from `approved` or later, so `archived → live`
 * (a rollback) never skips an approval. A rejected version can only be deleted; no move leaves `withdrawn` or `deleted`.
 */
export const TRANSITIONS = {
  registered: ['approved', 'rejected', 'withdrawn', 'deleted'],
  approved: ['scheduled', 'archived', 'registered', 'withdrawn'],
  scheduled: ['live', 'approved', 'withdrawn'],
  live: ['archived', 'withdrawn'],
  archived: ['live', 'withdrawn'],
  rejected: ['deleted'],
  withdrawn: [],
  deleted: [],
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
 * The stage of a version after a deployment of it is scheduled. A live version (new schedule) or an archived one
 * (rollback) keeps its stage until the deployment is promoted. Throws `VERSION_NOT_APPROVED`, `VERSION_WITHDRAWN`.
 */
export function stageWhenScheduled(version: number, from: Stage): Stage {
  if (from === 'approved' || from === 'scheduled') return 'scheduled';
  if (from === 'live' || from === 'archived') return from;
  if (from === 'withdrawn') throw withdrawnError(version);
  throw new MillraceError('VERSION_NOT_APPROVED', `Version ${version} is ${from}, not approved.`, {
    details: { version, stage: from },
  });
}

export function withdrawnError(version: number): MillraceError {
  return new MillraceError('VERSION_WITHDRAWN', `Version ${version} is withdrawn.`, {
    details: { version, stage: 'withdrawn' },
  });
}
