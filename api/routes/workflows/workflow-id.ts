import { z } from 'zod';
import { MillraceError } from '#errors/millrace-error.ts';
import { parseWorkflowId, type WorkflowSubject } from '#workflows/contract/ids.ts';

/** Ids contain slashes, so the id is the rest of the path, followed by the action. */
export const idParams = z.object({ '*': z.string().min(1).max(1_000).describe('Workflow id') });

/** What a workflow of the platform works on. Throws `WORKFLOW_NOT_FOUND` for any other id, without asking Temporal. */
export function ownWorkflow(id: string): WorkflowSubject {
  const subject = parseWorkflowId(id);
  if (subject !== undefined) return subject;
  throw new MillraceError('WORKFLOW_NOT_FOUND', `"${id}" is not the id of a workflow of the platform.`);
}
