import { continueAsNew, proxyActivities, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import type { ReconcileActivities } from '#activities/reconcile.ts';
import { STORE_OPTIONS } from './options.ts';

const registry = proxyActivities<ReconcileActivities>(STORE_OPTIONS);

/** The sweep: pages through pairs that may be due and calls their reconcilers, to make up for lost signals. */
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
}
