import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { proxyActivities } from '@temporalio/workflow';
import type { SharedRunActivities } from '#activities/shared-runs.ts';
import { TURNS_OPTIONS } from './options.ts';

const watch = proxyActivities<SharedRunActivities>(TURNS_OPTIONS);

/**
 * Runs a child under its natural id, or awaits the run already started under it, because children have no conflict
 * policy. Cancelling a waiter does not cancel the run.
 */
export async function childOrRunning<T>(id: string, start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    const result: unknown = await watch.awaitRun.executeWithOptions({ summary: `Wait for ${id}` }, [id]);
    return result as T;
  }
}
