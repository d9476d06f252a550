import type { DeployConfig } from '#configs/model.ts';
import type { Pair } from '#configs/pair.ts';
import type { CardRevision } from '../cards/current-card.ts';

export const STAGES = [
  'registered',
  'approved',
  'scheduled',
  'live',
  'archived',
  'rejected',
  'withdrawn',
  'deleted',
] as const;
export type Stage = (typeof STAGES)[number];

/** What listings show unless deleted versions are asked for. */
export const LISTED_STAGES = STAGES.filter((stage) => stage !== 'deleted');

/** An approver's reason to accept a version despite a failed gate. */
export interface Waiver {
  readonly gate: string;
  readonly reason: string;
}

/** One approval of a version, or its rejection. */
export interface Judgement {
  readonly verdict: 'approve' | 'reject';
  readonly principal: string;
  /** The approver was one of the version's authors, which the rule of its tier allowed. */
  readonly by_author: boolean;
  readonly reason: string;
  readonly waivers: readonly Waiver[];
  /** Digest of what was judged; see `evidenceOf`. */
  readonly evidence: string;
  /** UTC instant. */
  readonly at: string;
  /** UTC instant from which an approval no longer counts; null for a rejection. */
  readonly expires_at: string | null;
}

/** Who banned a version for good, and why. */
export interface Withdrawal {
  readonly principal: string;
  readonly reason: string;
  /** UTC instant. */
  readonly at: string;
}

/** The start of a deployment's time as the live one. */
export interface LiveStart {
  readonly deployment: number;
  /** UTC instant. */
  readonly live_from: string;
}

/** The first and the last deployment of a version that went live. */
export interface Lives {
  readonly first: LiveStart;
  readonly last: LiveStart;
}

/** That a version is to be deployed as soon as it is approved, without anybody asking again, and on which terms. */
export interface DeploymentOrder {
  readonly terms: DeployConfig;
  /** The principal who is recorded as having requested the deployment. */
  readonly requested_by: string;
}

/** A version's stage; the only part of a version that changes. */
export interface VersionStage extends Pair {
  readonly version: number;
  readonly stage: Stage;
  /** UTC instant of the last change. */
  readonly since: string;
  /** The approvals that still stand, oldest first, or the one rejection. An approval that expired or lost its evidence is only in the dossier. */
  readonly judgements: readonly Judgement[];
  /** Only of a withdrawn version. */
  readonly withdrawal?: Withdrawal;
  /** The last revision of the card; null while it is the one the version was registered with. */
  readonly card: CardRevision | null;
  /** Absent from a version that was never live. */
  readonly lives?: Lives;
  /** Until the version is deployed, or leaves the way to a deployment. */
  readonly order?: DeploymentOrder;
  /** Stays true when the approvals lapse. */
  readonly was_approved: boolean;
}
