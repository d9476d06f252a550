import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Started, WorkflowStarter } from '../../workflows/starter.ts';

/** The response of every POST that starts a workflow: 202 while it runs, 200 once its result is committed. */
export const runSchema = z
  .object({
    workflow_id: z.string(),
    run_id: z.string().optional(),
    status: z.enum(['running', 'committed']),
    result: z.unknown().optional().describe('Result of the workflow'),
    inputs_changed: z
      .array(z.object({ feature_set: z.string(), dt: z.string(), revision: z.int() }))
      .readonly()
      .optional()
      .describe(
        'Partitions in use whose inputs have changed since they were built; a refresh builds their next revision',
      ),
    note: z.string().optional().describe('What the caller may not expect'),
  })
  .meta({ id: 'Run' });

export const runResponses = { 200: runSchema, 202: runSchema };

/** What each start says about a repeat. */
export const REPEATED_START =
  'The same request is the same run. With an Idempotency-Key a repeat gets the run of the first request as it is now, even if the configs, the live version or the data that chose it have changed since; a run that failed is started again.';

type Run = z.infer<typeof runSchema>;
type Starter = Pick<WorkflowStarter, 'startedBefore'>;

export function statusOf(run: Pick<Run, 'status'>): 200 | 202 {
  return run.status === 'running' ? 202 : 200;
}

/** Starts a workflow, or finds the one that the first request with the same key started, and answers with it. */
export async function answerRun(
  request: FastifyRequest,
  reply: FastifyReply,
  starter: Starter,
  start: () => Promise<Started<unknown>>,
): Promise<Run> {
  const [run] = await runsOnce(request, starter, async () => [await start()]);
  if (run === undefined) throw new TypeError('A start gives a run.');
  // For log and audit trail.
  request.workflowId = run.workflow_id;
  reply.code(statusOf(run));
  return run;
}

/** The runs that the request starts, or those that the first request with the same key has started, as they are now. */
export async function runsOnce(
  request: FastifyRequest,
  starter: Starter,
  start: () => Promise<readonly Started<unknown>[]>,
): Promise<readonly Run[]> {
  let isFirst = false;
  const runs = await request.once(z.array(runSchema), async () => {
    isFirst = true;
    return [...(await start())];
  });
  if (isFirst) return runs;
  const now = await Promise.all(
    runs.map(async (run) => (run.status === 'committed' ? run : starter.startedBefore(run.workflow_id))),
  );
  return now.every((run) => run !== undefined) ? now : start();
}
