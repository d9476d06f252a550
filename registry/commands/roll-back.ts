import { MillraceError } from '#errors/millrace-error.ts';
import type { TransactItem } from '#platform/table/table.ts';
import { commitToPair, type Put, type RegistryStore } from '../commit-to-pair.ts';
import { nextDeploymentNumber } from '../deployments/deployment.ts';
import { moveDeployment, moveStage } from '../transition-items.ts';
import { pairKey, type Pair } from '#configs/pair.ts';
import type { PairState } from '../pair-state.ts';
import { isDue, nextDue } from '../reconcile.ts';
import { beginLive, endLive } from '../deployments/live-items.ts';
import { chooseRollbackTarget } from '../deployments/rollback-target.ts';

export interface RollBack {
  readonly pair: Pair;
  /** The live deployment that the caller wants to leave. */
  readonly fromDeployment: number;
  /** Default: the version that was live most recently before and was not taken out by hand. */
  readonly toVersion?: number | undefined;
  readonly principal: string;
  readonly reason?: string | undefined;
  readonly commandId: string;
}

export interface Rollback extends Pair {
  /** The new deployment, live since `live_from`. */
  readonly deployment: number;
  readonly version: number;
  readonly live_from: string;
  /** The deployment that was left, and its version. */
  readonly replaced: number;
  readonly left_version: number;
  /** Scheduled deployments of the version that was left, cancelled with it. */
  readonly cancelled: readonly number[];
}

/**
 * Makes an earlier version live again in one transaction, on the terms it was last live with. Scheduled deployments of
 * the version that is left are cancelled, so it does not come back by itself. Throws `PAIR_NOT_FOUND`;
 * `DEPLOYMENT_MOVED` when another deployment is live, or one is due and about to be; `ROLLBACK_TARGET_MISSING`,
 * `ROLLBACK_TARGET_TAKEN_OUT`, `VERSION_WITHDRAWN`.
 */
export async function rollBack(store: RegistryStore, input: RollBack): Promise<Rollback> {
  const { entities } = store;
  const { pair, fromDeployment, toVersion, principal, reason = '', commandId } = input;
  const subject = { from_deployment: fromDeployment, to_version: toVersion ?? null };
  const command = { pair, kind: 'rollback', commandId, subject };
  return commitToPair<Rollback>(store, command, async (state, { at, boundary }) => {
    const old = leftDeployment(pair, state, fromDeployment, at);
    const { stage, last } = await chooseRollbackTarget(entities, pair, old, toVersion);
    const { version, scheduler, schedule, timezone } = last;
    const deployment = nextDeploymentNumber(state);
    const terms = {
      version,
      scheduler,
      schedule,
      timezone,
      live_at: boundary,
      requested_by: principal,
      created_at: at,
    };
    const cancelled = state.scheduled.filter((one) => one.version === old.version);
    const result: Rollback = {
      ...pair,
      deployment,
      version,
      live_from: boundary,
      replaced: old.deployment,
      left_version: old.version,
      cancelled: cancelled.map((one) => one.deployment),
    };
    const { model: _model, feature_set: _set, ...outcome } = result;
    const items: TransactItem[] = [
      {
        Put: entities.deployment
          .create({ ...pair, deployment, status: 'live', live_from: boundary, terms })
          .params<Put>(),
      },
      ...endLive(entities, pair, old, { live_until: boundary, ended_by: 'rolled_back' }),
      ...beginLive(entities, pair, stage, { deployment, live_from: boundary }),
      moveStage(entities, pair, old.version, { from: 'live', to: 'archived', at: boundary }),
      ...cancelled.map((one) =>
        moveDeployment(entities, pair, one.deployment, { from: 'scheduled', to: 'cancelled' }),
      ),
    ];
    return {
      head: {
        live: { deployment, version, scheduler, schedule, timezone, live_from: boundary },
        last_boundary: boundary,
        last_deployment: deployment,
        scheduled: state.scheduled.filter((one) => one.version !== old.version),
        ended: [...state.ended, { deployment: old.deployment, version: old.version, live_until: boundary }],
      },
      entries: [{ kind: 'rolled_back', at: boundary, principal, facts: { ...outcome, reason } }],
      boundary,
      items,
      result,
    };
  });
}

/** Throws `PAIR_NOT_FOUND`, `DEPLOYMENT_MOVED`. */
function leftDeployment(
  pair: Pair,
  state: PairState,
  from: number,
  at: string,
): NonNullable<PairState['live']> {
  const where = pairKey(pair);
  if (state.seq === 0)
    throw new MillraceError('PAIR_NOT_FOUND', `The registry has no pair ${where}.`, { where });
  const { live } = state;
  if (live?.deployment !== from) {
    const now = live === null ? 'none is live' : `deployment ${live.deployment} (version ${live.version}) is`;
    throw new MillraceError('DEPLOYMENT_MOVED', `Deployment ${from} is not the live one; ${now}.`, {
      where,
      details: { from_deployment: from, live },
    });
  }
  const next = nextDue(state);
  if (next !== undefined && isDue(next, at))
    throw new MillraceError(
      'DEPLOYMENT_MOVED',
      `Deployment ${next.deployment} (version ${next.version}) is due and about to replace deployment ${from}.`,
      { where, details: { from_deployment: from, live, due: next } },
    );
  return live;
}
