import { MillraceError } from '#errors/millrace-error.ts';
import type { AppliedConfigs, ChangedKey, ConfigRevision } from './applied-configs.ts';

/** A document that somebody else applied or removed after a plan was made. */
interface MovedDocument {
  readonly document: ChangedKey;
  readonly principal: string;
  /** UTC instant. */
  readonly applied_at: string;
  readonly revision: number;
}

/** The error of an apply whose conditions moved. Names each document, and who last changed it when. */
export async function stalePlan(
  planned: AppliedConfigs,
  current: AppliedConfigs,
  keys: readonly ChangedKey[],
  revisions: AsyncIterable<ConfigRevision>,
): Promise<MillraceError> {
  const moved = new Map<ChangedKey, MovedDocument>();
  for await (const { revision, principal, applied_at, changed } of revisions) {
    for (const key of keys) {
      if (changed.includes(key)) moved.set(key, { document: key, principal, applied_at, revision });
    }
  }
  const sentences = [...moved.values()].map(
    ({ document, principal, applied_at, revision }) =>
      `${principal} changed ${document} at ${applied_at} (revision ${revision}).`,
  );
  return new MillraceError(
    'PLAN_STALE',
    [`The plan was made on revision ${planned.revision}.`, ...sentences].join(' '),
    {
      details: {
        base_digest: planned.base_digest,
        current: current.base_digest,
        moved: [...moved.values()],
      },
    },
  );
}
