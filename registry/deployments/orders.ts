import { MillraceError } from '#errors/millrace-error.ts';
import { pairKey, type Pair } from '#configs/pair.ts';
import type { ApprovedOrder, PairState } from '../pair-state.ts';

type Orders = Pick<PairState, 'to_deploy'>;

/** They are stored in the head, which must fit into one item. */
const MOST_ORDERS = 50;

/**
 * The orders of a pair with one more, the newest of its version. Those that failed before are tried again at once, before it:
 * what was approved last should be deployed last, so that it stays live.
 */
export function ordered({ to_deploy }: Orders, order: ApprovedOrder): Orders {
  const others = to_deploy.filter(({ version }) => version !== order.version);
  return { to_deploy: [...others.map((one) => ({ ...one, before: order.version })), order] };
}

/** The orders of a pair without that of a version. */
export function withoutOrder({ to_deploy }: Orders, version: number): Orders {
  return { to_deploy: to_deploy.filter((one) => one.version !== version) };
}

/** Throws `DEPLOYMENTS_TOO_MANY`. */
export function requireRoom(pair: Pair, { to_deploy }: Orders): void {
  if (to_deploy.length < MOST_ORDERS) return;
  throw new MillraceError(
    'DEPLOYMENTS_TOO_MANY',
    `${to_deploy.length} approved versions of the pair ${pairKey(pair)} wait for their deployment.`,
    { where: pairKey(pair), details: { versions: to_deploy.map(({ version }) => version) } },
  );
}
