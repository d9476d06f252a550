import type { TransactItem } from '#platform/table/table.ts';
import { commitToPair, type RegistryStore } from '../commit-to-pair.ts';
import { requireReason } from '../versions/judgement.ts';
import { endLive, removeFallback } from '../deployments/live-items.ts';
import { withoutOrder } from '../deployments/orders.ts';
import { moveDeployment, moveStage } from '../transition-items.ts';
import type { Pair } from '#configs/pair.ts';
import { readStage } from '../read-items.ts';
import type { VersionStage, Withdrawal } from '../versions/stage.ts';

export interface WithdrawVersion {
  readonly pair: Pair;
  readonly version: number;
  readonly principal: string;
  readonly reason: string;
  readonly commandId: string;
}

export interface WithdrawnVersion extends VersionStage {
  /** Scheduled deployments of the version, cancelled with it. */
  readonly cancelled: readonly number[];
}

/**
 * Bans a version for good: no later command deploys, approves or rolls back to it. A live version is taken out without
 * a replacement, and its scheduled deployments are cancelled, in the same transaction. Throws `VERSION_NOT_FOUND`,
 * `STAGE_MOVE_NOT_ALLOWED` for a rejected or withdrawn version, `REASON_MISSING`.
 */
export async function withdrawVersion(
  store: RegistryStore,
  input: WithdrawVersion,
): Promise<WithdrawnVersion> {
  const { entities } = store;
  const { pair, version, principal, reason, commandId } = input;
  const command = { pair, kind: 'withdraw', commandId, subject: { version } };
  return commitToPair<WithdrawnVersion>(store, command, async (state, moment) => {
    const known = await readStage(entities, pair, version);
    const live = state.live?.version === version ? state.live : null;
    const at = live === null ? moment.at : moment.boundary;
    const withdrawal: Withdrawal = { principal, reason, at };
    const move = moveStage(entities, pair, version, { from: known.stage, to: 'withdrawn', at, withdrawal });
    requireReason(reason);
    const cancelled = state.scheduled.filter((one) => one.version === version).map((one) => one.deployment);
    const items: TransactItem[] = [
      move,
      ...removeFallback(entities, pair, known),
      ...cancelled.map((deployment) =>
        moveDeployment(entities, pair, deployment, { from: 'scheduled', to: 'cancelled' }),
      ),
    ];
    if (live !== null)
      items.push(...endLive(entities, pair, live, { live_until: at, ended_by: 'withdrawn' }));
    const ended = live === null ? [] : [{ deployment: live.deployment, version, live_until: at }];
    const facts = { version, reason, from: known.stage, cancelled, ...ended[0] };
    return {
      head: {
        scheduled: state.scheduled.filter((one) => one.version !== version),
        ...withoutOrder(state, version),
        ...(live === null ? {} : { live: null, last_boundary: at, ended: [...state.ended, ...ended] }),
      },
      entries: [{ kind: 'version_withdrawn', at, principal, facts }],
      ...(live === null ? {} : { boundary: at }),
      items,
      result: { ...known, stage: 'withdrawn', since: at, withdrawal, cancelled },
    };
  });
}
