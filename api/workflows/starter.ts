import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import { TASK_QUEUES } from '#workflows/contract/ids.ts';
import { searchAttributes, type Labels } from '#workflows/contract/search-attributes.ts';

export interface StartRequest<Result> {
  /** Name of the workflow function. */
  readonly type: string;
  /** Natural key: the same request is the same run. */
  readonly workflowId: string;
  readonly input: unknown;
  /** One line in the Temporal UI, at most 200 bytes. */
  readonly summary: string;
  readonly labels: Labels;
  /** Temporal's priority key; default: that of the kind (`workflows/contract/priorities.ts`). */
  readonly priority?: number;
  /** The requesting principal, stored with the run. */
  readonly principal: string;
  /** The committed result under this key. The store remembers what is done; Temporal forgets after its retention. */
  readonly committed?: () => Promise<Result | undefined>;
}

export interface Running {
  readonly status: 'running';
  readonly workflow_id: string;
  readonly run_id: string;
}

export interface Committed<Result> {
  readonly status: 'committed';
  readonly workflow_id: string;
  readonly result: Result;
}

export type Started<Result> = (Running | Committed<Result>) & {
  /** What the caller may not expect, as a sentence. */
  readonly note?: string;
  /** Newest revisions whose inputs have changed since they were built. */
  readonly inputs_changed?: readonly {
    readonly feature_set: string;
    readonly dt: string;
    readonly revision: number;
  }[];
};

export interface WorkflowStarter {
  /** Starts the run, joins the one in flight, or returns the committed result. */
  start<Result>(request: StartRequest<Result>): Promise<Started<Result>>;
  /** A run that was started before, if it still runs or has completed; undefined if it failed or Temporal has forgotten it. */
  startedBefore(workflowId: string): Promise<Started<unknown> | undefined>;
}

export function createWorkflowStarter(
  client: Client,
  taskQueue: string = TASK_QUEUES.lifecycle,
): WorkflowStarter {
  async function run(
    request: StartRequest<unknown>,
    reuse: 'ALLOW_DUPLICATE' | 'ALLOW_DUPLICATE_FAILED_ONLY',
  ): Promise<Running> {
    const handle = await client.workflow.start(request.type, {
      workflowId: request.workflowId,
      taskQueue,
      args: [request.input],
      workflowIdReusePolicy: reuse,
      workflowIdConflictPolicy: 'USE_EXISTING',
      typedSearchAttributes: searchAttributes(request.labels),
      ...(request.priority === undefined ? {} : { priority: { priorityKey: request.priority } }),
      memo: { requested_by: request.principal },
      staticSummary: request.summary,
    });
    return { status: 'running', workflow_id: request.workflowId, run_id: handle.firstExecutionRunId };
  }

  return {
    async start<Result>(request: StartRequest<Result>): Promise<Started<Result>> {
      const stands = async (): Promise<Committed<Result> | undefined> => {
        const result = await request.committed?.();
        return result && { status: 'committed', workflow_id: request.workflowId, result };
      };
      const before = await stands();
      if (before) return before;
      try {
        return await run(request, 'ALLOW_DUPLICATE_FAILED_ONLY');
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      }
      // It completed between the look into the store and the start, or its result is not kept in a store.
      const after = await stands();
      if (after) return after;
      if (request.committed) return run(request, 'ALLOW_DUPLICATE');
      const result: Result = await client.workflow.getHandle(request.workflowId).result();
      return { status: 'committed', workflow_id: request.workflowId, result };
    },

    async startedBefore(workflowId) {
      const handle = client.workflow.getHandle(workflowId);
      try {
        const { status, runId } = await handle.describe();
        if (status.name === 'RUNNING') return { status: 'running', workflow_id: workflowId, run_id: runId };
        if (status.name !== 'COMPLETED') return undefined;
        return { status: 'committed', workflow_id: workflowId, result: await handle.result() };
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return undefined;
        throw error;
      }
    },
  };
}
