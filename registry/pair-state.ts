import type { Deployment } from './deployment.ts';
import type { Pair } from '#configs/pair.ts';

/** A deployment that waits for its moment. */
export interface ScheduledDeployment {
  readonly deployment: number;
  readonly version: number;
  /** UTC instant. */
  readonly live_at: string;
}

/** The one deployment of a pair that is live. */
export interface LiveDeployment extends Pick<Deployment, 'scheduler' | 'schedule' | 'timezone'> {
  readonly deployment: number;
  readonly version: number;
  /** UTC instant. */
  readonly live_from: string;
}

/** A deployment that has left live, and whose after-effects no dossier entry has noted yet. */
export interface EndedDeployment {
  readonly deployment: number;
  readonly version: number;
  /** UTC instant. */
  readonly live_until: string;
}

/** What schedules the pair's scoring outside the registry: a Temporal Schedule, or a DAG spec. */
export interface WantedSpec {
  readonly scheduler: 'temporal' | 'airflow';
  readonly schedule: string;
  readonly timezone: string;
  /** Requested moment of the pair's first live deployment, UTC. Never changes, so neither does the DAG. */
  readonly start: string;
}

/** What was emitted last, as the registry recorded it. */
export interface EmittedSpec extends WantedSpec {
  /** Digest of the DAG spec or schedule as it was written. */
  readonly digest: string;
}

/**
 * Everything the reconciler needs to know of one pair, read strongly consistently as one item. Plain JSON: it travels
 * through workflow histories, and holds no artifact, card or applicant data.
 */
export interface PairState extends Pair {
  /** Grows by one with every commit to the pair. */
  readonly seq: number;
  readonly last_version: number;
  /** Highest deployment number used. */
  readonly last_deployment: number;
  /** Last moment at which the live version changed, UTC; the next change comes after it. */
  readonly last_boundary: string | null;
  readonly live: LiveDeployment | null;
  /** In the order in which they are promoted: by `live_at`, then by number. */
  readonly scheduled: readonly ScheduledDeployment[];
  /** Oldest first. */
  readonly ended: readonly EndedDeployment[];
  readonly first_live_at: string | null;
  readonly emitted: EmittedSpec | null;
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
