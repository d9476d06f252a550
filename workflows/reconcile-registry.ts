import {
  continueAsNew,
  isCancellation,
  log,
  proxyActivities,
  setCurrentDetails,
  workflowInfo,
} from '@temporalio/workflow';
import type { JobActivities } from '#activities/jobs.ts';
import type { ReconcileActivities } from '#activities/reconcile.ts';
import type { SweptJobs } from '#activities/unwanted-jobs.ts';
import { STEP_OPTIONS, STORE_OPTIONS } from './options.ts';

const registry = proxyActivities<ReconcileActivities>(STORE_OPTIONS);
const jobs = proxyActivities<JobActivities>(STEP_OPTIONS);

/**
 * The sweep: pages through pairs that may be due and calls their reconcilers, to make up for lost signals. Then ends jobs
 * whose workflow has ended without its own clean-up.
 */
export async function reconcileRegistry(cursor: string | null = null): Promise<void> {
  let next = cursor;
  let called = 0;
  do {
    const page = await registry.callDuePairs.executeWithOptions({ summary: 'Call pairs that may be due' }, [
      { cursor: next, now: new Date().toISOString() },
    ]);
    called += page.called;
    setCurrentDetails(`${called} pairs called`);
    next = page.cursor;
    if (next !== null && workflowInfo().continueAsNewSuggested)
      return continueAsNew<typeof reconcileRegistry>(next);
  } while (next !== null);
  try {
    const ended = await endOrphans();
    setCurrentDetails(`${called} pairs called; ${ended} jobs without a workflow ended`);
  } catch (error) {
    if (isCancellation(error)) throw error;
    // The next sweep is a minute away.
    log.warn('jobs without a workflow could not be ended', { error });
  }
}

async function endOrphans(): Promise<number> {
  let ended = 0;
  for (let cursor: string | null = null; ;) {
    const page: SweptJobs = await jobs.endOrphans.executeWithOptions(
      { summary: 'End jobs whose workflow is gone' },
      [{ cursor }],
    );
    ended += page.ended;
    cursor = page.cursor;
    if (cursor === null) return ended;
  }
}
