import { MillraceError } from '#errors/millrace-error.ts';
import { onePage } from '#platform/table/page.ts';
import { pairKey, type Pair } from '#configs/pair.ts';
import type { Entities } from '../entities.ts';
import { millisecondBefore } from '../instant.ts';
import type { LiveDeployment } from '../pair-state.ts';
import { findStage, readDeployment } from '../read-items.ts';
import type { VersionStage } from '../versions/stage.ts';
import { withdrawnError } from '../versions/transitions.ts';
import type { Deployment } from './deployment.ts';
import { EARLIEST } from './history.ts';

/**
 * The version that a rollback leads to when it names none: of those that another version replaced, the one that was live
 * most recently. Undefined when there is no such version, and while no version is live.
 */
export async function defaultRollbackTarget(
  entities: Entities,
  pair: Pair,
  live: LiveDeployment | null,
): Promise<number | undefined> {
  if (live === null) return undefined;
  // Only what was live before, so that the answer fits the live version even if another one has replaced it since.
  const before = { live_from: millisecondBefore(live.live_from) };
  const query = entities.fallback.query.byPair(pair).between({ live_from: EARLIEST }, before);
  const { items } = await onePage(
    query,
    { limit: 1 },
    { order: 'desc', consistent: true },
    ({ version }) => version,
  );
  return items[0];
}

export interface RollbackTarget {
  readonly stage: VersionStage;
  /** The last deployment of the version that was live. */
  readonly last: Deployment;
}

/**
 * The version to roll back to. Throws `ROLLBACK_TARGET_MISSING`, `ROLLBACK_TARGET_TAKEN_OUT`, `VERSION_WITHDRAWN`.
 */
export async function chooseRollbackTarget(
  entities: Entities,
  pair: Pair,
  live: LiveDeployment,
  asked: number | undefined,
): Promise<RollbackTarget> {
  const where = pairKey(pair);
  const version = asked ?? (await defaultRollbackTarget(entities, pair, live));
  const stage = version === undefined ? undefined : await findStage(entities, pair, version);
  if (version === undefined || stage?.lives === undefined || version === live.version)
    throw new MillraceError('ROLLBACK_TARGET_MISSING', missing(version, live), { where });
  if (stage.stage === 'withdrawn') throw withdrawnError(version);
  const last = await readDeployment(entities, pair, stage.lives.last.deployment);
  if (last.ended_by === 'archived')
    throw new MillraceError(
      'ROLLBACK_TARGET_TAKEN_OUT',
      `Version ${version} was taken out of live by hand at ${last.live_until ?? ''}.`,
      { where, details: { version, deployment: last.deployment, live_until: last.live_until } },
    );
  return { stage, last };
}

function missing(version: number | undefined, live: LiveDeployment): string {
  if (version === undefined) return 'No other version was live before that could be live again.';
  return version === live.version
    ? `Version ${version} is the live one.`
    : `Version ${version} was never live.`;
}
