import type { PartitionRef } from '#features/partitions/partition.ts';
import type { Pair } from '#configs/pair.ts';
import type { TrainingKey } from '#training/key.ts';
import type { ScoresRef } from '#scoring/scores.ts';

/** Every workflow id is a natural key, so repeated requests share one run. Ids are built and parsed only here. */
export const workflowId = {
  materialise: (ref: PartitionRef) =>
    `materialise/${ref.feature_set}/${ref.definition_digest}/${ref.dt}/r${ref.revision}`,
  train: (key: TrainingKey) => `train/${trainingTail(key)}`,
  register: (key: TrainingKey) => `register/${trainingTail(key)}`,
  lifecycle: (key: TrainingKey) => `lifecycle/${trainingTail(key)}`,
  deploy: (pair: Pair, deployment: number) => `deploy/${pair.model}/${pair.feature_set}/${deployment}`,
  archive: (pair: Pair, deployment: number) => `archive/${pair.model}/${pair.feature_set}/${deployment}`,
  score: (ref: ScoresRef) =>
    `score/${ref.model}/${ref.feature_set}/v${ref.version}/${ref.score_date}/r${ref.revision}`,
  backfill: (pair: Pair, version: number, from: string, to: string) =>
    `backfill/${pair.model}/${pair.feature_set}/v${version}/${from}..${to}`,
  reconcile: (pair: Pair) => `reconcile/${pair.model}/${pair.feature_set}`,
} as const;

export const scheduleId = {
  sweep: 'reconcile-sweep',
  sweepStore: 'sweep-store',
  score: (pair: Pair) => `score-daily/${pair.model}/${pair.feature_set}`,
} as const;

export const TASK_QUEUES = {
  lifecycle: 'lifecycle',
  jobs: 'jobs',
  features: 'features',
  scoring: 'scoring',
} as const;

function trainingTail(key: TrainingKey): string {
  return `${key.model}/${key.feature_set}/${key.training_digest}/${key.as_of}`;
}
