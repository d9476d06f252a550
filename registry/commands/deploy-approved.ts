import { commitToPair, type RegistryStore } from '../commit-to-pair.ts';
import type { Deployment } from '../deployments/deployment.ts';
import { liveAt } from '../deployments/live-at.ts';
import type { Pair } from '#configs/pair.ts';
import { scheduleIn } from './schedule-deployment.ts';

export interface DeployApproved {
  readonly pair: Pair;
  readonly version: number;
  /** Of the order: a version may be ordered and approved more than once. */
  readonly approvedAt: string;
  /** UTC instant from which the time to go live is counted. */
  readonly requestedAt: string;
}

/**
 * Carries out the order to deploy an approved version: schedules its deployment on the terms of the order. Null if the order
 * was withdrawn, or somebody deployed the version by hand. Throws `APPROVAL_EXPIRED`, `DEPLOYMENTS_TOO_MANY`.
 */
export async function deployApproved(
  store: RegistryStore,
  { pair, version, approvedAt, requestedAt }: DeployApproved,
): Promise<Deployment | null> {
  const command = {
    pair,
    kind: 'deploy_approved',
    commandId: `${version}/${approvedAt}`,
    subject: { version },
  };
  return commitToPair<Deployment | null>(store, command, async (state, { at }) => {
    const order = state.to_deploy.find((one) => one.version === version && one.approved_at === approvedAt);
    if (order === undefined) return { unchanged: null };
    const { terms, requested_by: principal } = order;
    const { scheduler, schedule, timezone, go_live: goLive } = terms;
    return scheduleIn(store, state, at, {
      pair,
      version,
      scheduler,
      schedule,
      timezone,
      goLive,
      liveAt: liveAt(requestedAt, goLive, timezone),
      principal,
      onApproval: true,
    });
  });
}
