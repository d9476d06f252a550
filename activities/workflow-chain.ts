import { WorkflowNotFoundError, type Client } from '@temporalio/client';

/** A workflow with all its runs that follow each other by a reset or by continuing as new. */
export interface WorkflowChain {
  readonly workflow_id: string;
  readonly first_run_id: string;
}

/**
 * Whether a run of this chain is open. A workflow that was started again under the same id is another chain. Asks the
 * server about this one workflow, so the answer is never stale.
 */
export async function isChainRunning(client: Client, chain: WorkflowChain): Promise<boolean> {
  try {
    const { status, raw } = await client.workflow.getHandle(chain.workflow_id).describe();
    const first = raw.workflowExecutionInfo?.firstRunId;
    return (status.name === 'RUNNING' || status.name === 'PAUSED') && first === chain.first_run_id;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
