import { Context } from '@temporalio/activity';
import type { Client, WorkflowStartOptions } from '@temporalio/client';
import { WorkflowFailedError } from '@temporalio/client';
import {
  ApplicationFailure,
  ApplicationFailureCategory,
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

/**
 * How long a waiter holds its slot before it requeues. The run it waits for may need a slot of the same queue, so
 * waiters holding all slots would deadlock.
 */
const TURN_MS = 60_000;
const NEXT_TURN_MS = 1_000;

/** State that a waiter keeps between turns: the run that it joined, so that it does not start another. */
interface Waiting {
  readonly waiting_for: string;
  readonly run_id?: string;
}

/**
 * Starts a workflow under its natural id, or joins the run in flight, and awaits its result with heartbeats.
 * Cancelling a waiter does not cancel the run. A failed run fails the waiter with the same catalogue code.
 */
export async function ensureRun<W extends Workflow>(
  client: Client,
  type: W | string,
  options: WorkflowStartOptions<W>,
  turnMs: number = TURN_MS,
): Promise<WorkflowResultType<W>> {
  return withHeartbeat(async ({ tell, signal }) => {
    const { workflowId } = options;
    const before = waitedFor();
    const run_id = before?.waiting_for === workflowId ? before.run_id : undefined;
    const joined = run_id ?? (await startOrJoin(client, type, options));
    tell({ waiting_for: workflowId, run_id: joined } satisfies Waiting);
    return oneTurn({ client, signal, workflowId, turnMs }, () => resultOf<W>(client, workflowId, joined));
  });
}

async function startOrJoin<W extends Workflow>(
  client: Client,
  type: W | string,
  options: WorkflowStartOptions<W>,
): Promise<string> {
  const { firstExecutionRunId } = await client.workflow.start(type, {
    ...options,
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
  });
  return firstExecutionRunId;
}

/** Awaits a run that was started elsewhere. */
export async function awaitRun<T>(client: Client, workflowId: string, turnMs: number = TURN_MS): Promise<T> {
  return withHeartbeat(async ({ tell, signal }) => {
    tell({ waiting_for: workflowId } satisfies Waiting);
    return oneTurn({ client, signal, workflowId, turnMs }, () =>
      resultOf<() => Promise<T>>(client, workflowId),
    );
  });
}

/** The run that this activity joined in its previous turn; undefined in the first turn. */
export function waitedFor(): Waiting | undefined {
  const details: unknown = Context.current().info.heartbeatDetails;
  return typeof details === 'object' && details !== null && 'waiting_for' in details
    ? (details as Waiting)
    : undefined;
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
  runId?: string,
): Promise<WorkflowResultType<W>> {
  try {
    return await client.workflow.getHandle<W>(workflowId, runId).result();
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    throw failureOfRun(workflowId, error);
  }
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

interface Turn {
  readonly client: Client;
  readonly signal: AbortSignal;
  readonly workflowId: string;
  readonly turnMs: number;
}

/** Also ends the long poll; otherwise a departed waiter would hold its connection until the run ends. */
async function oneTurn<T>({ client, signal, workflowId, turnMs }: Turn, wait: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const turn = AbortSignal.timeout(turnMs);
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
}
