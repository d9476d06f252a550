import type { WorkflowKind } from './ids.ts';

/**
 * Temporal's priority keys: of work that waits for a slot, a smaller key starts first, and work of one key is shared fairly between
 * teams. Children and activities inherit the key of their workflow, so a date of a backfill stays behind a training.
 */
export const PRIORITIES = {
  /** Short calls that bring a pair to what the registry says. */
  reconcile: 1,
  /** Scores of a day that somebody waits for. */
  scores: 2,
  /** Trainings, and what leads to them; a model may say another one (`resources.priority`). */
  training: 3,
  backfill: 4,
  housekeeping: 5,
} as const;

/** The priority key of each kind of workflow. */
export const PRIORITY_OF: Readonly<Record<WorkflowKind, number>> = {
  materialise: PRIORITIES.training,
  train: PRIORITIES.training,
  import: PRIORITIES.training,
  register: PRIORITIES.training,
  lifecycle: PRIORITIES.training,
  deploy: PRIORITIES.reconcile,
  archive: PRIORITIES.reconcile,
  score: PRIORITIES.scores,
  backfill: PRIORITIES.backfill,
  reconcile: PRIORITIES.reconcile,
  repair: PRIORITIES.reconcile,
};

/** Kinds whose key a model may choose. */
export const CHOSEN_BY_MODEL: ReadonlySet<WorkflowKind> = new Set([
  'train',
  'import',
  'register',
  'lifecycle',
]);
