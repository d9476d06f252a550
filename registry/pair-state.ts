import type { Attempts } from './attempts.ts';
import type { Deployment } from './deployments/deployment.ts';
import type { DeploymentOrder } from './versions/stage.ts';
import type { Pair } from '#configs/pair.ts';

/** A deployment that is not due yet. */
export interface ScheduledDeployment {
  readonly deployment: number;
  readonly version: number;
  /** UTC instant. */
  readonly live_at: string;
}

/** An approved version that is to be deployed, and has no deployment yet. */
export interface ApprovedOrder extends DeploymentOrder {
  readonly version: number;
  /** UTC instant from which it can be carried out. */
  readonly approved_at: string;
  /** The version of the newest order that came later: if this one failed before, it is tried again before that one. */
  readonly before?: number;
}

/** The one deployment of a pair that is live. */
export interface LiveDeployment extends Pick<Deployment, 'scheduler' | 'schedule' | 'timezone'> {
  readonly deployment: number;
  readonly version: number;
  /** UTC instant. */
  readonly live_from: string;
}

/** A deployment that is no longer live and whose archiving is not yet in the dossier. */
export interface EndedDeployment {
  readonly deployment: number;
  readonly version: number;
  /** UTC instant. */
  readonly live_until: string;
}

/** The external scheduler of the pair's scoring: a Temporal Schedule or a DAG spec. */
export interface WantedSpec {
  readonly scheduler: 'temporal' | 'airflow';
  readonly schedule: string;
  readonly timezone: string;
  /**
   * Requested go-live time of the pair's first live deployment, UTC. It never changes, so the DAG does not change
   * either.
   */
  readonly start: string;
}

/** The last emitted spec, as recorded in the registry. */
export interface EmittedSpec extends WantedSpec {
  /** Digest of the DAG spec as written. */
  readonly digest: string;
  /** Digest of the Temporal Schedule as Temporal describes it; null if another scheduler is used. */
  readonly schedule_digest: string | null;
  /** Whose work the Temporal Schedule starts, if that was known. */
  readonly team?: string;
}

/**
 * Everything the reconciler needs to know about one pair, read strongly consistently as one item. Plain JSON, because
 * it is stored in workflow histories; contains no artifact, card or applicant data.
 */
export interface PairState extends Pair {
  /** Increases by one with every commit to the pair. */
  readonly seq: number;
  readonly last_version: number;
  /** Highest deployment number used. */
  readonly last_deployment: number;
  /** When the live version last changed, UTC; the next change must be later. */
  readonly last_boundary: string | null;
  readonly live: LiveDeployment | null;
  /** Oldest first. */
  readonly to_deploy: readonly ApprovedOrder[];
  /** In promotion order: by `live_at`, then by number. */
  readonly scheduled: readonly ScheduledDeployment[];
  /** Oldest first. */
  readonly ended: readonly EndedDeployment[];
  readonly first_live_at: string | null;
  readonly emitted: EmittedSpec | null;
  /** UTC instant at which a check found that what was emitted had been lost or changed; null once it is emitted again. */
  readonly spec_lost_at: string | null;
  /** By lane; see `attempts.ts`. */
  readonly attempts: Attempts;
  readonly dossier: {
    readonly count: number;
    /** SHA-256 of the last entry. */
    readonly digest: string;
    /** Entries 1..copied are in the object store. */
    readonly copied: number;
    /** Entries 1..delivered have reached every listener. */
    readonly delivered: number;
  };
}
