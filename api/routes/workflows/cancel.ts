import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { WorkflowNotFoundError } from '@temporalio/client';
import { z } from 'zod';
import type { Principal } from '#access/principal.ts';
import { hasCode } from '#errors/cause.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { WorkflowKind } from '#workflows/contract/ids.ts';
import { cancelInRegistry, type InRegistry } from '../../services/cancel-in-registry.ts';
import type { StartDeps } from '../../starts/start-deps.ts';
import type { WorkflowReader } from '../../workflows/reader.ts';
import { cancelledId, idParams, ownWorkflow } from './workflow-id.ts';

export interface CancelRouteDeps {
  readonly reader: Pick<WorkflowReader, 'cancel'>;
  readonly starts: Pick<StartDeps, 'registry' | 'temporal'>;
}

const cancelledSchema = z.object({
  workflow_id: z.string(),
  status: z.literal('cancel_requested'),
  note: z.string().optional().describe('What the cancellation leaves as it is'),
});

/** Cancels one workflow. */
export const cancelRoutes: FastifyPluginAsyncZod<CancelRouteDeps> = async (app, { reader, starts }) => {
  app.post(
    '/v1/workflows/*',
    {
      config: { role: ['scientist', 'operator'], team: 'workflow' },
      schema: {
        summary: 'With /cancel after the id: cancel the workflow; its jobs are cancelled first',
        tags: ['workflows'],
        params: idParams,
        description:
          'With an Idempotency-Key a repeat gets the first answer, and does not cancel a later run of the same id.',
        response: { 202: cancelledSchema },
      },
    },
    async (request, reply) => {
      const id = cancelledId(request.params['*']);
      request.workflowId = id;
      const subject = ownWorkflow(id);
      refuseCancel(request.principal, id, subject.kind);
      const { principal, commandId } = request;
      const by = { principal, commandId };
      const cancelled = await request.once(cancelledSchema, async () => {
        const inRegistry = await cancelInRegistry(starts, id, subject, by);
        if (inRegistry !== 'done') await unlessOver(inRegistry, () => reader.cancel(id));
        return {
          workflow_id: id,
          status: 'cancel_requested' as const,
          ...(subject.kind === 'lifecycle' ? { note: LIFECYCLE_NOTE } : {}),
        };
      });
      return reply.code(202).send(cancelled);
    },
  );
};

/** What is cancelled in the registry is cancelled, although its workflow was terminated, or Temporal has forgotten it. */
async function unlessOver(inRegistry: InRegistry, cancel: () => Promise<void>): Promise<void> {
  try {
    await cancel();
  } catch (error) {
    const over = error instanceof WorkflowNotFoundError || hasCode(error, 'WORKFLOW_NOT_RUNNING');
    if (inRegistry === 'nothing' || !over) throw error;
  }
}

const LIFECYCLE_NOTE =
  'A version that the lifecycle has registered stays in the registry. It can still be approved, but then nothing deploys it by itself: use `millrace deploy`.';

const STARTED_BY_SCIENTISTS: readonly WorkflowKind[] = [
  'materialise',
  'train',
  'import',
  'register',
  'lifecycle',
];

/** Scientists may cancel what they may start; only operators may cancel workflows of live scoring. */
function refuseCancel({ name, roles }: Principal, id: string, kind: WorkflowKind): void {
  if (roles.includes('operator') || roles.includes('admin') || STARTED_BY_SCIENTISTS.includes(kind)) return;
  throw new MillraceError('FORBIDDEN', `${name} lacks the role operator to cancel ${id}.`, {
    details: { needs: 'operator', has: roles },
  });
}
