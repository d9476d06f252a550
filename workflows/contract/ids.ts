import type { PartitionRef } from '#features/partitions/partition.ts';
import type { Pair } from '#configs/pair.ts';
import type { TrainingKey } from '#training/key.ts';
import type { ScoresRef } from '#scoring/scores.ts';

/** Every workflow id is a natural key, so repeated requests share one run. Ids are built and parsed only here. */
export const workflowId = {
  materialise: (ref: PartitionRef) =>
    `materialise/${ref.feature_set}/${ref.definition_digest}/${ref.dt}/r${ref.revision}`,
  train: (key: TrainingKey) => `train/${trainingTail(key)}`,
  import: (key: TrainingKey) => `import/${trainingTail(key)}`,
  register: (key: TrainingKey) => `register/${trainingTail(key)}`,
  lifecycle: (key: TrainingKey) => `lifecycle/${trainingTail(key)}`,
  deploy: (pair: Pair, deployment: number) => `deploy/${pair.model}/${pair.feature_set}/${deployment}`,
  archive: (pair: Pair, deployment: number) => `archive/${pair.model}/${pair.feature_set}/${deployment}`,
  score: (ref: ScoresRef) =>
    `score/${ref.model}/${ref.feature_set}/v${ref.version}/${ref.score_date}/r${ref.revision}`,
  backfill: (pair: Pair, version: number, from: string, to: string) =>
    `backfill/${pair.model}/${pair.feature_set}/v${version}/${from}..${to}`,
  reconcile: (pair: Pair) => `reconcile/${pair.model}/${pair.feature_set}`,
  repair: (pair: Pair) => `repair/${pair.model}/${pair.feature_set}`,
} as const;

export type WorkflowKind = keyof typeof workflowId;

/** The kind of a workflow and what it works on: a pair, or a feature set alone. */
export type WorkflowSubject = { readonly kind: WorkflowKind } & (
  { readonly pair: Pair } | { readonly feature_set: string }
);

const MODEL = '(?<model>[a-z][a-z0-9_]{0,62})';
const SET = '(?<feature_set>[a-z][a-z0-9_]{0,62})';
const DIGEST = '[0-9a-f]{32}';
const DATE = String.raw`\d{4}-\d{2}-\d{2}`;
const NUMBER = String.raw`[1-9]\d{0,8}`;
const TRAINING = `${MODEL}/${SET}/${DIGEST}/${DATE}`;

const FORMS: Readonly<Record<WorkflowKind, string>> = {
  materialise: `${SET}/${DIGEST}/${DATE}/r${NUMBER}`,
  train: TRAINING,
  import: TRAINING,
  register: TRAINING,
  lifecycle: TRAINING,
  deploy: `${MODEL}/${SET}/${NUMBER}`,
  archive: `${MODEL}/${SET}/${NUMBER}`,
  score: `${MODEL}/${SET}/v${NUMBER}/${DATE}/r${NUMBER}`,
  backfill: `${MODEL}/${SET}/v${NUMBER}/${DATE}[.]{2}${DATE}`,
  reconcile: `${MODEL}/${SET}`,
  repair: `${MODEL}/${SET}`,
};

export const WORKFLOW_KINDS = Object.keys(FORMS) as readonly WorkflowKind[];

/** Parses an id that `workflowId` builds; `undefined` for any other id, such as those of Schedules and of Temporal itself. */
export function parseWorkflowId(id: string): WorkflowSubject | undefined {
  const kind = WORKFLOW_KINDS.find((known) => id.startsWith(`${known}/`));
  if (kind === undefined) return undefined;
  const names = new RegExp(`^${kind}/${FORMS[kind]}$`).exec(id)?.groups;
  const { model, feature_set } = names ?? {};
  if (feature_set === undefined) return undefined;
  return model === undefined ? { kind, feature_set } : { kind, pair: { model, feature_set } };
}

export const scheduleId = {
  sweep: 'reconcile-sweep',
  sweepStore: 'sweep-store',
  verify: 'verify-sweep',
  score: (pair: Pair) => `score-daily/${pair.model}/${pair.feature_set}`,
} as const;

export const TASK_QUEUES = {
  lifecycle: 'lifecycle',
  waits: 'waits',
  jobs: 'jobs',
  features: 'features',
  scoring: 'scoring',
} as const;

/** The name under which Temporal knows the builds of our workers. */
export const WORKER_DEPLOYMENT = 'millrace';

/** The task queue of one machine, for jobs that only its workers can reach. */
export function hostQueue(host: string): string {
  return `${TASK_QUEUES.jobs}@${host}`;
}

function trainingTail(key: TrainingKey): string {
  return `${key.model}/${key.feature_set}/${key.training_digest}/${key.as_of}`;
}
