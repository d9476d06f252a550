/** The exports of the bundle: one workflow per file, registered under its function's name. */
export { archiveModel } from './archive-model.ts';
export { backfillScores } from './backfill-scores.ts';
export { deployModel } from './deploy-model.ts';
export { importModel } from './import-model.ts';
export { materialiseFeatures } from './materialise-features.ts';
export { modelLifecycle } from './model-lifecycle.ts';
export { reconcilePair } from './reconcile-pair.ts';
export { reconcileRegistry } from './reconcile-registry.ts';
export { registerModel } from './register-model.ts';
export { repairPair } from './repair-pair.ts';
export { scoreBatch } from './score-batch.ts';
export { scoreScheduled } from './score-scheduled.ts';
export { sweepStore } from './sweep-store.ts';
export { trainModel } from './train-model.ts';
export { verifyRegistry } from './verify-registry.ts';
import './versioning.ts';
