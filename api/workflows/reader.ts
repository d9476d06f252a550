import { WorkflowFailedError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import { z } from 'zod';
import { MillraceError } from '#errors/millrace-error.ts';
import type { Page, PageRequest } from '#platform/table/page.ts';
import { failingTask } from './failing-task.ts';
import { describeFailure, failureSchema } from './failure.ts';
import { workflowPage, type WorkflowFilter } from './list-workflows.ts';
import { recentHistory } from './recent-history.ts';
import { rowOf, statusOf, workflowRowSchema, type WorkflowInfo, type WorkflowRow } from './row.ts';
import { stepSchema, stepsOf } from './steps.ts';

export const workflowStatusSchema = workflowRowSchema
  .extend({
    summary: z.string().optional(),
    steps: z.array(stepSchema),
    older_steps: z
      .literal(true)
      .optional()
      .describe('There are older steps, which the Temporal UI shows; these are the newest ones'),
    failing: failureSchema
      .optional()
      .describe(
        'Why a running workflow does not get on: its code fails, and Temporal tries it again for ever',
      ),
    result: z.unknown().optional(),
    failure: failureSchema.optional(),
  })
  .meta({ id: 'WorkflowStatus' });

export type WorkflowStatus = z.infer<typeof workflowStatusSchema>;

export interface WorkflowReader {
  /** The newest run of an id. Throws `WORKFLOW_NOT_FOUND`. */
  read(workflowId: string): Promise<WorkflowStatus>;
  /** The same without steps and result, which costs one call. */
  row(workflowId: string): Promise<WorkflowRow>;
  /**
   * The platform's own workflows, newest first; eventually consistent, seconds behind at worst. Throws
   * `PAGE_TOKEN_INVALID`.
   */
  list(filter: WorkflowFilter, page: PageRequest): Promise<Page<WorkflowRow>>;
  /** Cancels a running workflow, which first cancels its jobs. Throws `WORKFLOW_NOT_RUNNING`. */
  cancel(workflowId: string): Promise<void>;
}

export function createWorkflowReader(client: Client, ui: string | undefined): WorkflowReader {
  const shown = (info: WorkflowInfo): WorkflowRow => rowOf(info, client.options.namespace, ui);

  async function outcome(row: WorkflowRow): Promise<Pick<WorkflowStatus, 'result' | 'failure'>> {
    if (row.status === 'running' || row.status === 'paused') return {};
    const handle = client.workflow.getHandle(row.workflow_id, row.run_id, { followRuns: false });
    try {
      return { result: await handle.result() };
    } catch (error) {
      if (!(error instanceof WorkflowFailedError)) throw error;
      return { failure: describeFailure(error.cause ?? error) };
    }
  }

  return {
    async read(workflowId) {
      const handle = client.workflow.getHandle(workflowId);
      const info = await handle.describe();
      const row = shown(info);
      const [{ events, whole }, summary, ended] = await Promise.all([
        recentHistory(client, info),
        info.staticSummary(),
        outcome(row),
      ]);
      const failing = failingTask(info.raw, events);
      return {
        ...row,
        ...(summary !== undefined && { summary }),
        steps: stepsOf(events, info.raw),
        ...(!whole && { older_steps: true as const }),
        ...(failing !== undefined && { failing }),
        ...ended,
      };
    },

    async row(workflowId) {
      return shown(await client.workflow.getHandle(workflowId).describe());
    },

    async list(filter, page) {
      const { items, ...rest } = await workflowPage(client, filter, page);
      return { items: items.map(shown), ...rest };
    },

    async cancel(workflowId) {
      const handle = client.workflow.getHandle(workflowId);
      const { status } = await handle.describe();
      const ended = new MillraceError(
        'WORKFLOW_NOT_RUNNING',
        `The workflow ${workflowId} is ${statusOf(status.name)}.`,
      );
      if (status.name !== 'RUNNING') throw ended;
      try {
        await handle.cancel();
      } catch (error) {
        // It ended in the meantime: Temporal reports a workflow not found.
        throw error instanceof WorkflowNotFoundError ? ended : error;
      }
    },
  };
}
