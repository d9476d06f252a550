import { WorkflowFailedError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import { z } from 'zod';
import { MillraceError } from '#errors/millrace-error.ts';
import { parseWorkflowId, WORKFLOW_KINDS } from '#workflows/contract/ids.ts';
import { describeFailure, failureSchema } from './failure.ts';
import { stepSchema, stepsOf } from './steps.ts';

const STATUSES = [
  'running',
  'completed',
  'failed',
  'cancelled',
  'terminated',
  'timed_out',
  'paused',
] as const;

export const workflowRowSchema = z
  .object({
    workflow_id: z.string(),
    run_id: z.string(),
    type: z.string(),
    status: z.enum(STATUSES),
    started_at: z.string(),
    closed_at: z.string().optional(),
    requested_by: z.string().optional(),
    ui: z.string().optional().describe('Page in the Temporal UI'),
  })
  .meta({ id: 'WorkflowRow' });

export const workflowStatusSchema = workflowRowSchema
  .extend({
    summary: z.string().optional(),
    steps: z.array(stepSchema),
    result: z.unknown().optional(),
    failure: failureSchema.optional(),
  })
  .meta({ id: 'WorkflowStatus' });

export type WorkflowRow = z.infer<typeof workflowRowSchema>;
export type WorkflowStatus = z.infer<typeof workflowStatusSchema>;

export interface WorkflowFilter {
  readonly model?: string | undefined;
  readonly feature_set?: string | undefined;
  readonly status?: 'running' | 'failed' | undefined;
  readonly limit: number;
}

export interface WorkflowReader {
  /** The newest run of an id. Throws `WORKFLOW_NOT_FOUND`. */
  read(workflowId: string): Promise<WorkflowStatus>;
  /** The same without steps and result, which costs one call. */
  row(workflowId: string): Promise<WorkflowRow>;
  /** The platform's own workflows, newest first; eventually consistent, seconds behind at worst. */
  list(filter: WorkflowFilter): Promise<WorkflowRow[]>;
  /** Cancels a running workflow, which first cancels its jobs. Throws `WORKFLOW_NOT_RUNNING`. */
  cancel(workflowId: string): Promise<void>;
}

type Info = Omit<Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['describe']>>, 'raw'>;

export function createWorkflowReader(client: Client, ui: string | undefined): WorkflowReader {
  const rowOf = (info: Omit<Info, 'staticDetails' | 'staticSummary'>): WorkflowRow => {
    const requestedBy = info.memo?.['requested_by'];
    return {
      workflow_id: info.workflowId,
      run_id: info.runId,
      type: info.type,
      status: statusOf(info.status.name),
      started_at: info.startTime.toISOString(),
      ...(info.closeTime && { closed_at: info.closeTime.toISOString() }),
      ...(typeof requestedBy === 'string' && { requested_by: requestedBy }),
      ...(ui !== undefined && { ui: pageOf(ui, client.options.namespace, info) }),
    };
  };

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
      const row = rowOf(info);
      const [history, summary, ended] = await Promise.all([
        client.workflow.getHandle(workflowId, info.runId).fetchHistory(),
        info.staticSummary(),
        outcome(row),
      ]);
      const steps = stepsOf(history, info.raw.pendingActivities ?? []);
      return { ...row, ...(summary !== undefined && { summary }), steps, ...ended };
    },

    async row(workflowId) {
      return rowOf(await client.workflow.getHandle(workflowId).describe());
    },

    async list({ limit, model, feature_set: set, status }) {
      const clauses = [
        OWN_IDS,
        model !== undefined && `MillraceModel = '${model}'`,
        set !== undefined && `MillraceFeatureSet = '${set}'`,
        status !== undefined && `ExecutionStatus = '${status === 'running' ? 'Running' : 'Failed'}'`,
      ];
      const rows: WorkflowRow[] = [];
      const query = clauses.filter((clause) => clause !== false).join(' AND ');
      for await (const info of client.workflow.list({ query, pageSize: limit })) {
        if (parseWorkflowId(info.workflowId) === undefined) continue;
        if (rows.push(rowOf(info)) >= limit) break;
      }
      return rows;
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

/** Leaves out the runs of Schedules and whatever else lives in the namespace. */
const OWN_IDS = `(${WORKFLOW_KINDS.map((kind) => `WorkflowId STARTS_WITH '${kind}/'`).join(' OR ')})`;

function statusOf(name: string): WorkflowRow['status'] {
  const status = name.toLowerCase();
  return STATUSES.find((known) => known === status) ?? 'running';
}

function pageOf(ui: string, namespace: string, run: { workflowId: string; runId: string }): string {
  const path = ['namespaces', namespace, 'workflows', run.workflowId, run.runId, 'history'];
  return new URL(path.map(encodeURIComponent).join('/'), ui.endsWith('/') ? ui : `${ui}/`).href;
}
