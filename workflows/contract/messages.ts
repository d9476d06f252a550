import type { PartitionRef } from '#features/partitions/partition.ts';
import type { Pair } from '#configs/pair.ts';
import type { DeploymentOutcome } from '#registry/deployments/deployment.ts';
import type { GateVerdict } from '#training/record.ts';
import type { ObjectRef } from '#platform/objects/object-ref.ts';
import type { ScoresRef } from '#scoring/scores.ts';
import type { TrainingParts } from '#training/digest.ts';
import type { TrainingKey } from '#training/key.ts';
import type { Upload } from '#training/upload.ts';

/** Names of the signals that the API and the activities send to a running workflow. */
export const SIGNALS = {
  /** To `modelLifecycle`: its version was judged, deployed or taken out in the registry. */
  versionChanged: 'versionChanged',
  /** To `deployModel`: the deployment is live, or will never go live. */
  deploymentChanged: 'deploymentChanged',
  /** To `reconcilePair`: the pair has a new commit. */
  pairChanged: 'pairChanged',
} as const;

/** Digest of the applied configs that a run was started with; a later apply does not change a run in flight. */
export type ConfigsDigest = string;

export interface MaterialiseInput {
  readonly ref: PartitionRef;
  readonly configs: ConfigsDigest;
  /** Build what the set reads anew first, where its inputs have changed. */
  readonly refresh?: true;
}

export interface TrainInput {
  readonly key: TrainingKey;
  readonly configs: ConfigsDigest;
  readonly partitions: readonly PartitionRef[];
  /** Dates of the partitions that are built anew because their inputs have changed. */
  readonly refresh?: readonly string[];
  /** What the training digest in `key` was made of; workers compare it with what they have. */
  readonly parts?: TrainingParts;
  /** The requesting principal, who counts as an author of the version; of a lifecycle, also the deployer in the dossier. */
  readonly requested_by: string;
}

/** Like a training, but its model was trained elsewhere and uploaded. */
export interface ImportInput extends TrainInput {
  readonly upload: Pick<Upload, 'upload' | 'files' | 'created_by'>;
  readonly notes: string;
}

export interface TrainingSummary {
  readonly training_id: string;
  readonly manifest: ObjectRef;
  readonly metrics: Readonly<Record<string, number>>;
  readonly gates: readonly GateVerdict[];
}

export interface RegisterInput {
  readonly key: TrainingKey;
  readonly configs: ConfigsDigest;
  readonly manifest: ObjectRef;
  readonly requested_by: string;
  /** Have the version deployed as soon as it is approved, on the terms of the model. */
  readonly deploy?: true;
}

export interface RegisteredVersion {
  readonly version: number;
  /** This run registered it, and ordered its deployment in the same commit. */
  readonly ordered?: true;
  readonly card_missing: readonly string[];
}

/** A deployment that is in the registry. */
export interface DeployInput {
  readonly pair: Pair;
  readonly version: number;
  readonly deployment: number;
  /** When it goes live: UTC instant. */
  readonly live_at: string;
}

export type DeployResult = DeploymentOutcome<'live' | 'ended' | 'cancelled'>;

export interface ArchiveInput {
  readonly pair: Pair;
  readonly deployment: number;
}

export type LifecycleInput = TrainInput;

/** Outcome of a registered version; `archive`: approved, then archived before it was deployed; `withdraw`: banned. */
export type Verdict = 'approve' | 'reject' | 'archive' | 'withdraw';

/** What has become of the version of a lifecycle. */
export type Fate =
  /** Registered: somebody has to judge it. */
  | { readonly at: 'waiting' }
  /** Approved, and not live yet. */
  | { readonly at: 'deploying'; readonly details: string }
  | ({ readonly at: 'end'; readonly ended_as: string; readonly replaced: number | null } & LifecycleResult);

export interface LifecycleResult {
  readonly version: number;
  readonly verdict: Verdict;
  readonly deployment: number | null;
  readonly live_from: string | null;
}

export interface ScoreInput {
  readonly ref: ScoresRef;
  readonly configs: ConfigsDigest;
  /** Build the partition anew first, if its inputs have changed. */
  readonly refresh?: true;
}

/** One day of a live pair, started by its Temporal Schedule. */
export interface ScoreScheduledInput {
  readonly pair: Pair;
  /** Cron line of the schedule, read in `timezone`. */
  readonly schedule: string;
  readonly timezone: string;
}

export interface BackfillInput {
  readonly pair: Pair;
  readonly version: number;
  readonly configs: ConfigsDigest;
  /** Score dates to do, `[from, to]`, oldest first. */
  readonly from: string;
  readonly to: string;
  readonly done: number;
  /** What earlier runs of this backfill failed to score. */
  readonly failed: FailedDates;
}

/** Bounded, because it travels from run to run. */
export interface FailedDates {
  readonly count: number;
  readonly first: FailedDate | null;
  /** At most the first hundred. */
  readonly dates: readonly string[];
}

export interface FailedDate {
  readonly date: string;
  readonly code: string;
  readonly message: string;
}

export interface BackfillResult {
  readonly dates: number;
}

/** What a repair found, and handed to the reconciler. */
export interface Repaired {
  readonly problems: readonly string[];
}

export interface ReconcileInput {
  readonly pair: Pair;
}
