import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Principal } from '#access/principal.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { hasCode } from '#errors/cause.ts';
import type { WorkflowKind, WorkflowSubject } from '#workflows/contract/ids.ts';
import { cancelDeployment } from '../../services/cancel-deployment.ts';
import type { StartDeps } from '../../starts/start-deps.ts';
import type { WorkflowReader } from '../../workflows/reader.ts';
import { cancelledId, idParams, ownWorkflow } from './workflow-id.ts';

export interface CancelRouteDeps {
  readonly reader: Pick<WorkflowReader, 'cancel'>;
  readonly starts: Pick<StartDeps, 'registry' | 'temporal'>;
}

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
        response: { 202: z.object({ workflow_id: z.string(), status: z.literal('cancel_requested') }) },
      },
    },
    async (request, reply) => {
      const id = cancelledId(request.params['*']);
      request.workflowId = id;
      const subject = ownWorkflow(id);
      refuseCancel(request.principal, id, subject.kind);
      const { principal, commandId } = request;
      const cancelled = await cancelledInRegistry(starts, id, subject, {
        principal: principal.name,
        commandId,
      });
      if (!cancelled) await reader.cancel(id);
      return reply.code(202).send({ workflow_id: id, status: 'cancel_requested' as const });
    },
  );
};

/**
 * A scheduled deployment is cancelled in the registry, with or without its workflow, so that the dossier says who did
 * it. False when there is no such deployment: the workflow has not written it yet, or it is live or over.
 */
async function cancelledInRegistry(
  starts: CancelRouteDeps['starts'],
  id: string,
  subject: WorkflowSubject,
  by: { readonly principal: string; readonly commandId: string },
): Promise<boolean> {
  if (subject.kind !== 'deploy' || !('pair' in subject)) return false;
  const deployment = Number(id.split('/').at(-1));
  try {
    await cancelDeployment(starts, {
      pair: subject.pair,
      deployment,
      reason: `Cancelled through ${id}.`,
      ...by,
    });
    return true;
  } catch (error) {
    if (hasCode(error, 'DEPLOYMENT_NOT_FOUND') || hasCode(error, 'DEPLOYMENT_NOT_SCHEDULED')) return false;
    throw error;
  }
}

const STARTED_BY_SCIENTISTS: readonly WorkflowKind[] = ['materialise', 'train', 'register', 'lifecycle'];

/** Scientists may cancel what they may start; only operators may cancel workflows of live scoring. */
function refuseCancel({ name, roles }: Principal, id: string, kind: WorkflowKind): void {
  if (roles.includes('operator') || roles.includes('admin') || STARTED_BY_SCIENTISTS.includes(kind)) return;
  throw new MillraceError('FORBIDDEN', `${name} lacks the role operator to cancel ${id}.`, {
    details: { needs: 'operator', has: roles },
  });
}
