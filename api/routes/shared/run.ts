import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Started } from '../../workflows/starter.ts';

/** The response of every POST that starts a workflow: 202 while it runs, 200 once its result is committed. */
export const runSchema = z
  .object({
    workflow_id: z.string(),
    run_id: z.string().optional(),
    status: z.enum(['running', 'committed']),
    result: z.unknown().optional().describe('Result of the workflow'),
    note: z.string().optional().describe('What the caller may not expect'),
  })
  .meta({ id: 'Run' });

export const runResponses = { 200: runSchema, 202: runSchema };

export function statusOf(run: Pick<Started<unknown>, 'status'>): 200 | 202 {
  return run.status === 'running' ? 202 : 200;
}

/** Notes the workflow for log and audit trail, and sets the status of the answer. */
export function answerRun<T>(request: FastifyRequest, reply: FastifyReply, run: Started<T>): Started<T> {
  request.workflowId = run.workflow_id;
  reply.code(statusOf(run));
  return run;
}
