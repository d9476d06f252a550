import { Context } from '@temporalio/activity';
import type { Client, WorkflowStartOptions } from '@temporalio/client';
import { WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import {
  ApplicationFailure,
  ApplicationFailureCategory,
  TerminatedFailure,
  type Workflow,
  type WorkflowResultType,
} from '@temporalio/common';
import type { ErrorCode } from '#errors/catalogue.ts';
import { causes, findCause } from '#errors/cause.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { withHeartbeat } from './heartbeat.ts';

export interface SharedRunDeps {
  readonly client: Client;
}

/** How long a waiter holds its slot before it requeues, so that every waiter gets one regardless of how many there are. */
const TURN_MS = 60_000;
const NEXT_TURN_MS = 1_000;
/** Within this time after its termination, Temporal has forgotten a run that was deleted. */
const DELETION_MS = 2_000;

/** State that a waiter keeps between turns: the run that it joined, so that it does not start another. */
interface Waiting {
  readonly waiting_for: string;
  readonly run_id?: string;
}

export interface EnsureOptions<Result> {
  /** The committed result. Looked for at the beginning of each turn, and when Temporal no longer knows the run. */
  readonly find?: () => Promise<Result | undefined>;
  /** What else the next turn must know. */
  readonly remember?: Readonly<Record<string, unknown>>;
  readonly turnMs?: number;
}

/**
 * Starts a workflow under its natural id, or joins the run in flight, and awaits its result with heartbeats. The store, not
 * Temporal, knows what is done: a run that Temporal has forgotten (retention, deletion, loss of a namespace) is started again
 * unless its result is there. Cancelling a waiter does not cancel the run. A failed run fails the waiter with the same catalogue
 * code.
 */
export async function ensureRun<W extends Workflow>(
  client: Client,
  type: W | string,
  options: WorkflowStartOptions<W>,
  { find, remember = {}, turnMs = TURN_MS }: EnsureOptions<WorkflowResultType<W>> = {},
): Promise<WorkflowResultType<W>> {
  return withHeartbeat(async ({ tell, signal }) => {
    const { workflowId } = options;
    const before = waitedFor();
    let joined = before?.waiting_for === workflowId ? before.run_id : undefined;
    const turn = openTurn(client, signal, turnMs);
    for (;;) {
      const committed = await find?.();
      if (committed !== undefined) return committed;
      const run_id = joined ?? (await startOrJoin(client, type, options));
      tell({ ...remember, waiting_for: workflowId, run_id } satisfies Waiting);
      try {
        return await turn(workflowId, () => resultOf<W>(client, workflowId, run_id));
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
        joined = undefined;
        await Context.current().sleep(NEXT_TURN_MS);
      }
    }
  });
}

async function startOrJoin<W extends Workflow>(
  client: Client,
  type: W | string,
  options: WorkflowStartOptions<W>,
): Promise<string> {
  const { firstExecutionRunId } = await client.workflow.start(type, {
    ...options,
    // As urgent as the first that waits for it.
    priority: { priorityKey: Context.current().info.priority?.priorityKey, ...options.priority },
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
  });
  return firstExecutionRunId;
}

/** Awaits a run that was started elsewhere. Throws `WorkflowNotFoundError` if Temporal does not know it, or no longer. */
export async function awaitRun<T>(client: Client, workflowId: string, turnMs: number = TURN_MS): Promise<T> {
  return withHeartbeat(async ({ tell, signal }) => {
    tell({ waiting_for: workflowId } satisfies Waiting);
    const turn = openTurn(client, signal, turnMs);
    return turn(workflowId, () => resultOf<() => Promise<T>>(client, workflowId));
  });
}

/** Awaits the ends of runs, whatever their outcome, in one turn. A run that Temporal does not know, or no longer, has ended. */
export async function awaitEnds(
  client: Client,
  runs: () => AsyncIterable<{ readonly workflowId: string; readonly runId: string }>,
  turnMs = TURN_MS,
): Promise<void> {
  return withHeartbeat(async ({ tell, signal }) => {
    const turn = openTurn(client, signal, turnMs);
    for await (const { workflowId, runId } of runs()) {
      tell({ waiting_for: workflowId, run_id: runId } satisfies Waiting);
      await turn(workflowId, async () => {
        try {
          await client.workflow.getHandle(workflowId, runId).result();
        } catch (error) {
          const isOver = error instanceof WorkflowFailedError || error instanceof WorkflowNotFoundError;
          if (!isOver) throw error;
        }
      });
    }
  });
}

/** What this activity remembers of its previous turn; undefined in the first turn. */
export function waitedFor(): (Waiting & Readonly<Record<string, unknown>>) | undefined {
  const details: unknown = Context.current().info.heartbeatDetails;
  return typeof details === 'object' && details !== null && 'waiting_for' in details
    ? (details as Waiting & Readonly<Record<string, unknown>>)
    : undefined;
}

export type SharedRunActivities = ReturnType<typeof createSharedRunActivities>;

export function createSharedRunActivities({ client }: SharedRunDeps) {
  return {
    /** Throws `WORKFLOW_NOT_FOUND`: the caller looks for the result, or starts the run again. */
    async awaitRun(workflowId: string): Promise<unknown> {
      try {
        return await awaitRun(client, workflowId);
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
        throw new MillraceError('WORKFLOW_NOT_FOUND', `Temporal does not know the workflow ${workflowId}.`, {
          where: workflowId,
          cause: error,
        });
      }
    },
  };
}

async function resultOf<W extends Workflow>(
  client: Client,
  workflowId: string,
  runId?: string,
): Promise<WorkflowResultType<W>> {
  try {
    return await client.workflow.getHandle<W>(workflowId, runId).result();
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    if (error.cause instanceof TerminatedFailure) await refuseReplaced(client, workflowId, runId);
    throw failureOfRun(workflowId, error);
  }
}

/**
 * A run that is deleted or reset while it runs is terminated first. Throws `WorkflowNotFoundError` if that is what happened, or if
 * somebody has started the workflow again: the waiter looks in the store, then joins what runs.
 */
async function refuseReplaced(client: Client, workflowId: string, runId?: string): Promise<void> {
  await Context.current().sleep(DELETION_MS);
  await client.workflow.getHandle(workflowId, runId).describe();
  const { status } = await client.workflow.getHandle(workflowId).describe();
  if (status.name === 'RUNNING')
    throw new WorkflowNotFoundError('Another run has taken the place of this one.', workflowId, runId);
}

/**
 * The cause of the run's failure, rethrown by the waiter. Non-retryable, because the run itself already retried
 * through outages.
 */
function failureOfRun(workflowId: string, error: WorkflowFailedError): Error {
  const known = findCause(error);
  // A bug in the shared run has no catalogue code; the waiter only reports that the run failed.
  if (known === undefined || known.code === 'INTERNAL') {
    const message = `${workflowId}: ${[...causes(error)].at(-1)?.message}`;
    return new MillraceError('SHARED_RUN_FAILED', message, { where: workflowId });
  }
  const details = known.error instanceof ApplicationFailure ? (known.error.details ?? []) : [];
  return ApplicationFailure.nonRetryable(`${workflowId}: ${known.error.message}`, known.code, ...details);
}

/**
 * A turn of a waiter: runs waits until its time is over, and then throws a benign failure, after which the activity is queued
 * again. It ends the long poll, too; otherwise a departed waiter would hold its connection until the run ends.
 */
function openTurn(client: Client, signal: AbortSignal, turnMs: number) {
  signal.throwIfAborted();
  const turn = AbortSignal.timeout(turnMs);
  return async <T>(workflowId: string, wait: () => Promise<T>): Promise<T> => {
    const work = client.withAbortSignal(AbortSignal.any([signal, turn]), wait);
    // Handle the loser of the race, or its rejection would crash the process as unhandled.
    work.catch(() => undefined);
    try {
      return await Promise.race([work, Context.current().cancelled]);
    } catch (error) {
      const isAnswer = error instanceof ApplicationFailure || error instanceof MillraceError;
      if (!turn.aborted || signal.aborted || isAnswer) throw error;
      throw ApplicationFailure.create({
        type: 'SHARED_RUN_UNDER_WAY' satisfies ErrorCode,
        message: `${workflowId} is still running.`,
        nextRetryDelay: NEXT_TURN_MS,
        category: ApplicationFailureCategory.BENIGN,
      });
    }
  };
}
