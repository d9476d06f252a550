import { commitToPair, type RegistryStore } from '../commit-to-pair.ts';
import { ordered, requireRoom, withoutOrder } from '../deployments/orders.ts';
import { keepOrder } from '../transition-items.ts';
import type { Pair } from '#configs/pair.ts';
import { readStage } from '../read-items.ts';
import type { DeploymentOrder } from '../versions/stage.ts';

export interface OrderDeployment {
  readonly pair: Pair;
  readonly version: number;
  readonly order: DeploymentOrder;
  readonly commandId: string;
}

export interface OrderedDeployment {
  /** False for a version that has a deployment already, or can have none. */
  readonly ordered: boolean;
}

/**
 * Has a version deployed as soon as it is approved; at once if it is approved already. The order lasts until it is carried
 * out or withdrawn, whether or not any workflow runs. Throws `VERSION_NOT_FOUND`, `VERSION_DELETED`, `DEPLOYMENTS_TOO_MANY`.
 */
export async function orderDeployment(
  store: RegistryStore,
  { pair, version, order, commandId }: OrderDeployment,
): Promise<OrderedDeployment> {
  const { entities } = store;
  const command = { pair, kind: 'order', commandId, subject: { version } };
  return commitToPair<OrderedDeployment>(store, command, async (state, { at }) => {
    const { stage } = await readStage(entities, pair, version);
    if (stage !== 'registered' && stage !== 'approved') return { unchanged: { ordered: false } };
    if (stage === 'approved') requireRoom(pair, state);
    return {
      head: stage === 'approved' ? ordered(state, { version, approved_at: at, ...order }) : {},
      entries: [],
      items: [keepOrder(entities, pair, version, stage, order)],
      result: { ordered: true },
    };
  });
}

export interface WithdrawOrder {
  readonly pair: Pair;
  readonly version: number;
  readonly principal: string;
  readonly reason: string;
  readonly commandId: string;
}

/** Takes an order back that is not carried out yet; otherwise a no-op. Throws `VERSION_NOT_FOUND`, `VERSION_DELETED`. */
export async function withdrawOrder(
  store: RegistryStore,
  { pair, version, principal, reason, commandId }: WithdrawOrder,
): Promise<{ readonly withdrawn: boolean }> {
  const { entities } = store;
  const command = { pair, kind: 'withdraw_order', commandId, subject: { version } };
  return commitToPair<{ readonly withdrawn: boolean }>(store, command, async (state, { at }) => {
    const { stage, order } = await readStage(entities, pair, version);
    if (order === undefined) return { unchanged: { withdrawn: false } };
    return {
      head: withoutOrder(state, version),
      entries: [{ kind: 'order_withdrawn', at, principal, facts: { version, reason } }],
      items: [keepOrder(entities, pair, version, stage, undefined)],
      result: { withdrawn: true },
    };
  });
}
