import { Context } from '@temporalio/activity';
import type { Client, WorkflowStartOptions } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError, WorkflowFailedError } from '@temporalio/client';
import type { Workflow, WorkflowResultType } from '@temporalio/common';
import { MillraceError } from '#errors/millrace-error.ts';
import { withHeartbeat } from './heartbeat.ts';

export interface SharedRunDeps {
  readonly client: Client;
}

/**
 * Starts a workflow under its natural id, or joins the run that is under way, and awaits its result under heartbeats.
 * Cancelling the one who waits cancels nothing. A run that failed fails the waiter with the same catalogue code.
 */
export async function ensureRun<W extends Workflow>(
  client: Client,
  type: W | string,
  options: WorkflowStartOptions<W>,
): Promise<WorkflowResultType<W>> {
  return withHeartbeat(async ({ tell, signal }) => {
    const { workflowId } = options;
    tell({ waiting_for: workflowId });
    try {
      await client.workflow.start(type, {
        ...options,
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
    return unlessAborted(resultOf<W>(client, workflowId), signal);
  });
}

/** Awaits a run that somebody else started. */
export async function awaitRun<T>(client: Client, workflowId: string): Promise<T> {
  return withHeartbeat(async ({ tell, signal }) => {
    tell({ waiting_for: workflowId });
    return unlessAborted(resultOf<() => Promise<T>>(client, workflowId), signal);
  });
}

export type SharedRunActivities = ReturnType<typeof createSharedRunActivities>;

export function createSharedRunActivities({ client }: SharedRunDeps) {
  return {
    awaitRun: (workflowId: string): Promise<unknown> => awaitRun(client, workflowId),
  };
}

async function resultOf<W extends Workflow>(
  client: Client,
  workflowId: string,
): Promise<WorkflowResultType<W>> {
  try {
    return await client.workflow.getHandle<W>(workflowId).result();
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    throw new MillraceError('SHARED_RUN_FAILED', `${workflowId}: ${deepestMessage(error)}`, {
      where: workflowId,
      cause: error,
    });
  }
}

function deepestMessage(error: Error): string {
  return error.cause instanceof Error ? deepestMessage(error.cause) : error.message;
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Context.current().cancelled;
  // The loser of the race must not end the process as an unhandled rejection.
  work.catch(() => undefined);
  signal.throwIfAborted();
  return Promise.race([work, aborted]);
}
