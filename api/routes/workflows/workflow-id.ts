import { z } from 'zod';
import { MillraceError } from '#errors/millrace-error.ts';
import { parseWorkflowId, type WorkflowSubject } from '#workflows/contract/ids.ts';

/** Ids contain slashes, so the id is the rest of the path, followed by the action. */
export const idParams = z.object({ '*': z.string().min(1).max(1_000).describe('Workflow id') });

const CANCEL = '/cancel';
const LOGS = '/logs';

/** The id in the path of a GET, and whether its logs are asked for. */
export function readId(path: string): { readonly id: string; readonly logs: boolean } {
  const logs = path.endsWith(LOGS);
  return { id: logs ? path.slice(0, -LOGS.length) : path, logs };
}

/** The id in the path of a POST, which ends in `/cancel`. Throws `ROUTE_NOT_FOUND`. */
export function cancelledId(path: string): string {
  if (path.endsWith(CANCEL)) return path.slice(0, -CANCEL.length);
  throw new MillraceError('ROUTE_NOT_FOUND', `A POST to a workflow ends in ${CANCEL}.`);
}

/** What a workflow of the platform works on. Throws `WORKFLOW_NOT_FOUND` for any other id, without asking Temporal. */
export function ownWorkflow(id: string): WorkflowSubject {
  const subject = parseWorkflowId(id);
  if (subject !== undefined) return subject;
  throw new MillraceError('WORKFLOW_NOT_FOUND', `"${id}" is not the id of a workflow of the platform.`);
}
