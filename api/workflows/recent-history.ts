import type { Client, WorkflowHandle } from '@temporalio/client';

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;
export type HistoryEvent = NonNullable<History['events']>[number];

export interface RecentHistory {
  /** The newest events of the run, oldest first. */
  readonly events: readonly HistoryEvent[];
  /** Whether these are all. */
  readonly whole: boolean;
}

/** Temporal counts batches, each of what came of one task; a step takes about four of them. */
const PAGE_BATCHES = 250;

/**
 * One page of the newest events, so that a status costs the same however long the workflow has run: a history may hold 50,000
 * events, and somebody may look at it every second.
 */
export async function recentHistory(
  client: Client,
  execution: { readonly workflowId: string; readonly runId: string },
): Promise<RecentHistory> {
  const { history, nextPageToken } = await client.workflowService.getWorkflowExecutionHistoryReverse({
    namespace: client.options.namespace,
    execution,
    maximumPageSize: PAGE_BATCHES,
  });
  return { events: (history?.events ?? []).toReversed(), whole: nextPageToken.length === 0 };
}
