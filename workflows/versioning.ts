import { setWorkflowOptions, workflowInfo } from '@temporalio/workflow';
import type { VersioningBehavior, Workflow } from '@temporalio/common';
import { WORKER_DEPLOYMENT } from './contract/ids.ts';
import { archiveModel } from './archive-model.ts';
import { backfillScores } from './backfill-scores.ts';
import { deployModel } from './deploy-model.ts';
import { importModel } from './import-model.ts';
import { materialiseFeatures } from './materialise-features.ts';
import { modelLifecycle } from './model-lifecycle.ts';
import { reconcilePair } from './reconcile-pair.ts';
import { reconcileRegistry } from './reconcile-registry.ts';
import { registerModel } from './register-model.ts';
import { repairPair } from './repair-pair.ts';
import { scoreBatch } from './score-batch.ts';
import { scoreScheduled } from './score-scheduled.ts';
import { sweepStore } from './sweep-store.ts';
import { trainModel } from './train-model.ts';
import { verifyRegistry } from './verify-registry.ts';

/**
 * What a run does when another build becomes current, on workers with versioning (docs/upgrades.md).
 *
 * `PINNED` runs end on the build that began them: they last minutes to hours, and their code may change freely.
 * `AUTO_UPGRADE` runs go on with the new build. They wait for people, timers or other workflows and would keep the workers of
 * an old build for days, so a change of their steps needs `patched()`.
 */
export const BEHAVIOURS: readonly (readonly [VersioningBehavior, readonly Workflow[]])[] = [
  [
    'PINNED',
    [
      materialiseFeatures,
      registerModel,
      // Their jobs run with the trainer of one release, which another one refuses to go on with.
      trainModel,
      importModel,
      scoreBatch,
      scoreScheduled,
      reconcileRegistry,
      verifyRegistry,
      repairPair,
      sweepStore,
    ],
  ],
  [
    'AUTO_UPGRADE',
    [
      // Waits up to weeks for its approval.
      modelLifecycle,
      // Waits until it is due, which may be days away.
      deployModel,
      // Waits for scores in flight, which may belong to the new build.
      archiveModel,
      // A range of years takes days.
      backfillScores,
      // Stays open for as long as a step fails.
      reconcilePair,
    ],
  ],
];

/** The server rejects the behaviour of a worker without versioning. */
function isVersioned(): boolean {
  return workflowInfo().currentDeploymentVersion?.deploymentName === WORKER_DEPLOYMENT;
}

for (const [versioningBehavior, workflows] of BEHAVIOURS)
  for (const workflow of workflows)
    setWorkflowOptions(() => (isVersioned() ? { versioningBehavior } : {}), workflow);
