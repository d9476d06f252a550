import { MillraceError } from '#errors/millrace-error.ts';
import type { Deployment } from './deployment.ts';
import type { Entities } from '../entities.ts';
import { liveIntervals, rollbackCandidates } from './history.ts';
import { pairKey, type Pair } from '#configs/pair.ts';
import { readStage } from '../read-items.ts';
import { withdrawnError } from '../versions/transitions.ts';

/** The version that a rollback leads to when it names none; undefined when there is no such version. */
export async function defaultRollbackTarget(
  entities: Entities,
  pair: Pair,
  deployments: readonly Deployment[],
): Promise<number | undefined> {
  for (const version of rollbackCandidates(liveIntervals(deployments))) {
    const { stage } = await readStage(entities, pair, version);
    if (stage !== 'withdrawn') return version;
  }
  return undefined;
}

/**
 * The last deployment of the version to roll back to. Throws `ROLLBACK_TARGET_MISSING`, `ROLLBACK_TARGET_TAKEN_OUT`,
 * `VERSION_WITHDRAWN`.
 */
export async function chooseRollbackTarget(
  entities: Entities,
  pair: Pair,
  deployments: readonly Deployment[],
  asked: number | undefined,
): Promise<Deployment> {
  const where = pairKey(pair);
  const version = asked ?? (await defaultRollbackTarget(entities, pair, deployments));
  const last = deployments
    .filter((one) => one.version === version && one.live_from !== undefined)
    .toSorted((a, b) => (a.live_from ?? '').localeCompare(b.live_from ?? ''))
    .at(-1);
  if (version === undefined || last === undefined || last.status === 'live')
    throw new MillraceError('ROLLBACK_TARGET_MISSING', missing(version, last), { where });
  const { stage } = await readStage(entities, pair, version);
  if (stage === 'withdrawn') throw withdrawnError(version);
  if (last.ended_by === 'archived')
    throw new MillraceError(
      'ROLLBACK_TARGET_TAKEN_OUT',
      `Version ${version} was taken out of live by hand at ${last.live_until ?? ''}.`,
      { where, details: { version, deployment: last.deployment, live_until: last.live_until } },
    );
  return last;
}

function missing(version: number | undefined, last: Deployment | undefined): string {
  if (version === undefined) return 'No other version was live before that could be live again.';
  return last === undefined ? `Version ${version} was never live.` : `Version ${version} is the live one.`;
}
