import type { DeployConfig } from '#configs/model.ts';
import type { Pair } from '#configs/pair.ts';

/** How a deployment stopped being live. */
export const ENDED_BY = ['replaced', 'rolled_back', 'archived', 'withdrawn'] as const;
export type EndedBy = (typeof ENDED_BY)[number];

export interface Deployment extends Pair {
  /** 1, 2, 3 … within the pair. */
  readonly deployment: number;
  readonly version: number;
  readonly scheduler: 'temporal' | 'airflow';
  readonly schedule: string;
  readonly timezone: string;
  /** The policy that `live_at` follows from; absent from a rollback. */
  readonly go_live?: DeployConfig['go_live'];
  /** It carries out an order that was given before the version was approved. */
  readonly on_approval?: true;
  /** Requested go-live time, UTC. */
  readonly live_at: string;
  /** Actual times, UTC; `live_from` equals the old deployment's `live_until`. */
  readonly live_from?: string;
  readonly live_until?: string;
  /** Only of an ended deployment. */
  readonly ended_by?: EndedBy;
  readonly status: 'scheduled' | 'live' | 'ended' | 'cancelled';
  readonly requested_by: string;
  readonly created_at: string;
}

/** Outcome of a deployment. */
export interface DeploymentOutcome<Status extends Deployment['status'] = Deployment['status']> {
  readonly deployment: number;
  readonly version: number;
  readonly status: Status;
  readonly live_from: string | null;
  /** The deployment that it replaced. */
  readonly replaced: number | null;
}

/** `replaced`: the deployment that ended when this one went live. */
export function outcomeOf<Status extends Deployment['status']>(
  found: Deployment & { readonly status: Status },
  replaced: { readonly deployment: number } | undefined,
): DeploymentOutcome<Status> {
  const { deployment, version, status, live_from = null } = found;
  return { deployment, version, status, live_from, replaced: replaced?.deployment ?? null };
}

/** The next free deployment number of the pair. If another caller takes it first, read it again. */
export function nextDeploymentNumber(state: { readonly last_deployment: number }): number {
  return state.last_deployment + 1;
}
