import type { Client } from '@temporalio/client';
import { z } from 'zod';

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

export type WorkflowRow = z.infer<typeof workflowRowSchema>;

type Description = Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['describe']>>;
export type WorkflowInfo = Omit<Description, 'raw' | 'staticDetails' | 'staticSummary'>;

/** @param ui address of the Temporal UI. */
export function rowOf(info: WorkflowInfo, namespace: string, ui: string | undefined): WorkflowRow {
  const requestedBy = info.memo?.['requested_by'];
  return {
    workflow_id: info.workflowId,
    run_id: info.runId,
    type: info.type,
    status: statusOf(info.status.name),
    started_at: info.startTime.toISOString(),
    ...(info.closeTime && { closed_at: info.closeTime.toISOString() }),
    ...(typeof requestedBy === 'string' && { requested_by: requestedBy }),
    ...(ui !== undefined && { ui: pageOf(ui, namespace, info) }),
  };
}

export function statusOf(name: string): WorkflowRow['status'] {
  const status = name.toLowerCase();
  return STATUSES.find((known) => known === status) ?? 'running';
}

function pageOf(ui: string, namespace: string, run: { workflowId: string; runId: string }): string {
  const path = ['namespaces', namespace, 'workflows', run.workflowId, run.runId, 'history'];
  return new URL(path.map(encodeURIComponent).join('/'), ui.endsWith('/') ? ui : `${ui}/`).href;
}
