import { Context } from '@temporalio/activity';
import type { Client, WorkflowStartOptions } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError, WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, type Workflow, type WorkflowResultType } from '@temporalio/common';
import { CATALOGUE } from '#errors/catalogue.ts';
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
    return unlessAborted(client, signal, () => resultOf<W>(client, workflowId));
  });
}

/** Awaits a run that somebody else started. */
export async function awaitRun<T>(client: Client, workflowId: string): Promise<T> {
  return withHeartbeat(async ({ tell, signal }) => {
    tell({ waiting_for: workflowId });
    return unlessAborted(client, signal, () => resultOf<() => Promise<T>>(client, workflowId));
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
    throw failureOfRun(workflowId, error);
  }
}

/** The innermost failure of the catalogue, as the waiter's own. Not to be retried: the run itself waited outages out. */
function failureOfRun(workflowId: string, error: WorkflowFailedError): Error {
  const chain: Error[] = [];
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) chain.push(cause);
  const known = chain.filter((cause) => cause instanceof ApplicationFailure).findLast(isOfCatalogue);
  const message = `${workflowId}: ${(known ?? chain.at(-1))?.message}`;
  return known?.type == null
    ? new MillraceError('SHARED_RUN_FAILED', message, { where: workflowId })
    : ApplicationFailure.nonRetryable(message, known.type, ...(known.details ?? []));
}

/** A bug of the run shared tells the waiter no more than that the run failed. */
function isOfCatalogue({ type }: ApplicationFailure): boolean {
  return type != null && type !== 'INTERNAL' && Object.hasOwn(CATALOGUE, type);
}

/** Ends the long poll too, or a cancelled waiter would hold its connection for as long as the run takes. */
async function unlessAborted<T>(client: Client, signal: AbortSignal, wait: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const work = client.withAbortSignal(signal, wait);
  // The loser of the race must not end the process as an unhandled rejection.
  work.catch(() => undefined);
  return Promise.race([work, Context.current().cancelled]);
}
