import { createHash } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { executionInfoFromRaw } from '@temporalio/client/lib/helpers.js';
import { badPageToken, type Page, type PageRequest } from '#platform/table/page.ts';
import { parseWorkflowId, WORKFLOW_KINDS, type WorkflowKind } from '#workflows/contract/ids.ts';
import type { WorkflowInfo, WorkflowRow } from './row.ts';

export interface WorkflowFilter {
  readonly model?: string | undefined;
  readonly feature_set?: string | undefined;
  readonly type?: WorkflowKind | undefined;
  readonly status?: keyof typeof STATUSES | undefined;
}

/** As Temporal names them in queries. */
export const STATUSES = {
  running: 'Running',
  completed: 'Completed',
  failed: 'Failed',
  cancelled: 'Canceled',
  terminated: 'Terminated',
  timed_out: 'TimedOut',
} as const satisfies Partial<Record<WorkflowRow['status'], string>>;

/**
 * One page of the platform's own workflows, in the order of Temporal's list: newest first. The SDK's own list follows
 * Temporal's page tokens itself and shows none. Throws `PAGE_TOKEN_INVALID`.
 */
export async function workflowPage(
  client: Client,
  filter: WorkflowFilter,
  { limit = 50, after }: PageRequest,
): Promise<Page<WorkflowInfo>> {
  const { namespace, loadedDataConverter } = client.options;
  const query = queryOf(filter);
  const start = after === undefined ? {} : { nextPageToken: temporalToken(query, after) };
  const asked = { namespace, query, pageSize: limit, ...start };
  const { executions, nextPageToken } = await client.workflowService.listWorkflowExecutions(asked);
  const infos = await Promise.all(
    executions.map((raw) => executionInfoFromRaw(raw, loadedDataConverter, undefined, namespace)),
  );
  const items = infos.filter(({ workflowId }) => parseWorkflowId(workflowId) !== undefined);
  if (nextPageToken.length === 0) return { items };
  return { items, next: pageToken(query, nextPageToken) };
}

function queryOf({ model, feature_set: set, type, status }: WorkflowFilter): string {
  return [
    type === undefined ? OWN_IDS : `WorkflowId STARTS_WITH '${type}/'`,
    model !== undefined && `MillraceModel = '${model}'`,
    set !== undefined && `MillraceFeatureSet = '${set}'`,
    status !== undefined && `ExecutionStatus = '${STATUSES[status]}'`,
  ]
    .filter((clause) => clause !== false)
    .join(' AND ');
}

/** Leaves out the runs of Schedules and whatever else lives in the namespace. */
const OWN_IDS = `(${WORKFLOW_KINDS.map((kind) => `WorkflowId STARTS_WITH '${kind}/'`).join(' OR ')})`;

const CHECK_LENGTH = 16;

/**
 * Temporal's token with a check of its bytes and of the query. Temporal answers a token that it cannot read with an error
 * that clients retry, as if the server were down.
 */
function pageToken(query: string, token: Uint8Array): string {
  return Buffer.concat([check(query, token), token]).toString('base64url');
}

function temporalToken(query: string, after: string): Uint8Array {
  const token = Buffer.from(after, 'base64url').subarray(CHECK_LENGTH);
  if (token.length > 0 && pageToken(query, token) === after) return token;
  throw badPageToken(after);
}

function check(query: string, token: Uint8Array): Buffer {
  return createHash('sha256').update(query).update('\n').update(token).digest().subarray(0, CHECK_LENGTH);
}
