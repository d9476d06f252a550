import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { proxyActivities, sleep } from '@temporalio/workflow';
import type { SharedRunActivities } from '#activities/shared-runs.ts';
import { hasCode } from '#errors/cause.ts';
import { TURNS_OPTIONS } from './options.ts';

const watch = proxyActivities<SharedRunActivities>(TURNS_OPTIONS);

/**
 * Runs a child under its natural id, or awaits the run already started under it, because children have no conflict
 * policy. A run that Temporal has forgotten meanwhile is started again: every workflow looks for its committed result first.
 * Cancelling a waiter does not cancel the run.
 */
export async function childOrRunning<T>(id: string, start: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await start();
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
    try {
      return (await watch.awaitRun.executeWithOptions({ summary: `Wait for ${id}` }, [id])) as T;
    } catch (error) {
      if (!hasCode(error, 'WORKFLOW_NOT_FOUND')) throw error;
      await sleep('1 second', { summary: `Temporal has forgotten ${id}` });
    }
  }
}
